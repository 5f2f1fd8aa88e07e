/// @file
/// Constants of nature and of geometry (CODATA 2018, exact where the SI is).
#pragma once

static const double QN_PI = 3.14159265358979323846;
static const double QN_GAS_CONSTANT = 8.314462618; ///< [J/(mol K)]
static const double QN_GRAVITY = 9.80665;          ///< standard gravity [m/s2]
static const double QN_AVOGADRO = 6.02214076e23;   ///< [1/mol]
static const double QN_FARADAY = 96485.33212;      ///< [C/mol]
