"""Reports and pictures from Quern run files."""
