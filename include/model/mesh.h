/// @file
/// A closed triangle mesh as the wall of a vial: read from STL, audited, and asked like any wall.
///
/// Triangles whose edges turn by less than 35 degrees make one smooth patch, and a body touches
/// each patch once, at its nearest point: a plane or a mantle is one wall however it is tiled, and
/// a ball that rolls over a shared edge or vertex feels one contact. At a sharp edge the contact
/// belongs to the patch that is nearer; an edge or corner that sticks into the vial belongs to the
/// lowest patch that meets there. Not here: bodies that touch one patch twice at once (a ball wider
/// than a hollow), and a contact carried over a sharp edge from one patch to the next.
///
/// STL has a reader of its own because none in Debian 12 fits: ADMesh is under the GPL and repairs
/// in silence, Assimp brings forty formats and drops the audit; the format itself is two pages.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { QN_MESH_PATCHES = 48 };

struct qn_mesh_node {
    double lo[3], hi[3]; ///< box                                                  [m]
    int first, count;    ///< leaf: triangles order[first ...]; else children first, first + 1
};

/// Owns its arrays. Places are in the vial's axes: the centre of the box around the mesh is 0.
struct qn_mesh {
    int n_vert, n_tri, n_patch, n_node;
    double (*vert)[3];   ///< shape [n_vert]                                       [m]
    int (*tri)[3];       ///< corners, shape [n_tri]
    double (*normal)[3]; ///< unit, into the vial                                  [-]
    int (*across)[3];    ///< triangle beyond the edge from corner k to k + 1
    int *patch;          ///< of each triangle
    double (*bend)[3];   ///< mean curvature at the corners, hollow is negative    [1/m]
    int *fan_row, *fan;  ///< triangles at each vertex, shape [n_vert + 1], [3 n_tri]
    struct qn_mesh_node *node;
    int *root;                    ///< tree of each patch, shape [n_patch]
    int *order;                   ///< triangles as leaves hold them
    double half[3], volume, area; ///< [m], [m3], [m2]
};

/// The point of some triangles nearest to x.
struct qn_mesh_hit {
    int tri;
    double at[3], weight[3]; ///< place [m], barycentric; 0 exactly on an edge or corner
    double d2;               ///< squared distance                                 [m2]
};

/// Read a binary or text STL whose numbers are in `unit` [m], centre and audit it. Refused with a
/// word: open, badly oriented, degenerate, more than QN_MESH_PATCHES patches, an odd size for a
/// vial (with the unit that would fit).
/// @return QN_ERR_IO, or QN_ERR_INPUT
enum qn_status qn_mesh_read(const char *path, double unit, struct qn_mesh *out) QN_MUST_USE;
void qn_mesh_free(struct qn_mesh *m);

/// Corners of raw triangles, shape [3 n][3], into a mesh; takes nothing over. For tests and
/// readers.
enum qn_status qn_mesh_make(const double (*corner)[3], int n, struct qn_mesh *out) QN_MUST_USE;

/// Boxes of boxes of triangles, patch by patch; the last step of making a mesh.
void qn_mesh_plant(struct qn_mesh *m);

/// Digest of places and triangles.
uint64_t qn_mesh_hash(const struct qn_mesh *m);

/// Nearest point of one patch closer than sqrt(hit->d2), which the caller sets; 0 when there is
/// none.
int qn_mesh_nearest(const struct qn_mesh *m, int patch, const double x[3], struct qn_mesh_hit *hit);

/// Is x inside?
int qn_mesh_inside(const struct qn_mesh *m, const double x[3]);
