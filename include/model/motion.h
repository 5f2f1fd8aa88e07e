/// @file
/// How the vial moves: a mill is one law that gives place, turn and spin at a time.
///
/// Bodies live in axes that travel with the vial's centre and do not turn. There the motion is felt
/// as -A0(t) alone, and the vial's own turning only as the place and the velocity of its walls. The
/// vial's own axes coincide with these at rest, its axis of symmetry is z.
///
/// A law is described by a `struct qn_mill_law`: its name, its keys in a deck with units, ranges
/// and defaults, and functions. To add a mill: one file src/model/mill_<name>.c with its
/// parameters, its keys and its law, and one line in the list of src/model/motion.c.
/// CONTRIBUTING.md walks through an example.
#pragma once

#include "io/schema.h"

enum {
    QN_MILL_OWN = 48,     ///< room for the parameters of a law [doubles]
    QN_MAX_LEGS = 24,     ///< of a speed programme
    QN_MILL_PATH = 256,   ///< of a file a law reads
    QN_TABLE_COLUMNS = 8, ///< of a table of poses: t, x y z, qw qx qy qz
};

/// What the vial's orientation does.
enum qn_turning {
    QN_TURNS_NOT,
    QN_TURNS_ABOUT_Z, ///< `turn` and `spin[2]` say all
    QN_TURNS_ANYHOW,  ///< `axes` says all
};

/// How a mill comes to speed when it has no programme.
enum qn_starting {
    QN_STARTS_BY_SPEED,     ///< the drive accelerates evenly
    QN_STARTS_BY_AMPLITUDE, ///< the drive turns at full speed at once and the stroke grows
};

/// Where the drive is. `angle` counts from the start, [rad] with a speed in rad/s, [s] with 1.
struct qn_drive {
    double angle, rate, accel;  ///< and its derivatives                            [1/s], [1/s2]
    double grow, dgrow, ddgrow; ///< stroke over full stroke, and derivatives [-], [1/s], [1/s2]
};

/// The vial at one instant. A turning about z is `turn` and `spin[2]`; `axes` is read only from
/// laws that turn anyhow.
struct qn_pose {
    double centre[3];   ///< of the vial, lab axes                                  [m]
    double speed[3];    ///< of the centre                                          [m/s]
    double accel[3];    ///< A0 of the centre                                       [m/s2]
    double turn;        ///< absolute angle of the vial about z                     [rad]
    double spin[3];     ///< absolute spin of the vial                              [rad/s]
    double axes[3][3];  ///< from the vial's axes to those that do not turn         [-]
    double inner_turn;  ///< absolute angle of inner bodies about z                 [rad]
    double inner_speed; ///< and their spin                                         [rad/s]
};

/// One leg of a speed programme: from the speed before, evenly within `ramp`, to `speed`, then held
/// until `span` is over.
struct qn_leg {
    double speed; ///< over full speed; 0 pauses, negative reverses                [-]
    double span;  ///< with its ramp                                               [s]
    double ramp;  ///< [s]
};

/// Poses from a file as periodic or open splines (mill_table.c).
struct qn_pose_table {
    int rows, periodic;
    double period; ///< from the first row to the last                             [s]
    double *t;     ///< shape [rows]                                               [s]
    double *y;     ///< shape [rows][QN_TABLE_COLUMNS - 1], values at the knots
    double *m;     ///< shape [rows][QN_TABLE_COLUMNS - 1], second derivatives      [1/s2]
};

struct qn_motion {
    int kind;                ///< index into qn_mill_laws
    double own[QN_MILL_OWN]; ///< parameters, as the law's own struct
    double gravity[3];       ///< in the vial's (non-turning) axes                   [m/s2]
    double run_up;           ///< from rest to full speed; 0: at speed at once       [s]
    int rests;               ///< stands as it is at t = 0, whatever the time
    int n_legs;              ///< of the programme; 0: full speed for ever
    int repeat;              ///< the programme begins again when it is over
    struct qn_leg leg[QN_MAX_LEGS];
    const struct qn_pose_table *table; ///< borrowed; of laws that read one
};

/// A mill. Functions of (parameters, ...) are pure.
struct qn_mill_law {
    const char *name;    ///< word of `mill.type`
    const char *gravity; ///< default of `mill.gravity`: along_axis, across_axis, none
    enum qn_turning turning;
    enum qn_starting starting;
    size_t size;                  ///< of the parameters, at most QN_MILL_OWN doubles
    const struct qn_field *field; ///< keys below `mill`; offsets into the parameters
    /// Speed of the drive at full speed [rad/s], or 1 for a law in seconds.
    double (*full_speed)(const struct qn_motion *m);
    void (*pose)(const struct qn_motion *m, const struct qn_drive *d, struct qn_pose *pose);
    /// Bound of the lab speed of any wall point within `reach` of the centre, and of |A0|, both at
    /// full speed; NULL: looked for along one period, with 1 % added.
    double (*wall_speed)(const struct qn_motion *m, double reach);
    double (*peak_accel)(const struct qn_motion *m);
    /// Drive angle after which the motion repeats; NULL: 2 pi.
    double (*cycle)(const struct qn_motion *m);
    /// What does not fit together, or NULL: a key and a sentence.
    const char *(*fault)(const struct qn_motion *m, const char **key);
    /// Member that holds the path of a file to read with qn_pose_table_read, -1: none.
    int path_at;
};

/// Every mill, ended by NULL.
extern const struct qn_mill_law *const qn_mill_laws[];

/// The law of a motion.
static inline const struct qn_mill_law *qn_mill_of(const struct qn_motion *m)
{
    return qn_mill_laws[m->kind];
}

/// Index of a law by its name, -1 when there is none.
int qn_mill_find(const char *name);

/// A parameter by the name of its key: `value` holds as many doubles as the key has, or the number
/// of the word.
struct qn_mill_value {
    const char *key;
    double value[3];
};

/// A motion from a law's name and values (ended by a key NULL), for tests and tools; what is not
/// given is 0. Unknown names are a caller's mistake.
struct qn_motion qn_motion_make(const char *law, const struct qn_mill_value *value);

/// A single value of a law by the name of its key, 0 when the law has none of that name.
double qn_motion_value(const struct qn_motion *motion, const char *key);

/// The drive at time t: programme, run-up or full speed `full`.
void qn_motion_drive(const struct qn_motion *motion, double full, double t, struct qn_drive *out);

/// The pose at time t. `axes` is set only by laws that turn anyhow.
void qn_motion_pose(const struct qn_motion *motion, double t, struct qn_pose *pose);

/// From the vial's axes to those that do not turn, for every law.
void qn_motion_axes(const struct qn_motion *motion, const struct qn_pose *pose, double axes[3][3]);

/// Largest wall speed in the lab within `reach` of the centre and largest |A0|, at the largest
/// speed of the programme.
double qn_motion_wall_speed(const struct qn_motion *motion, double reach);
double qn_motion_peak_accel(const struct qn_motion *motion);

/// Period after which the felt motion repeats: of a repeated programme, else of the drive at full
/// speed; infinite when nothing moves [s].
double qn_motion_period(const struct qn_motion *motion);

/// One turn of the drive at full speed, whatever the programme [s].
double qn_motion_cycle(const struct qn_motion *motion);

/// Read poses: lines of t x y z [m, s] or t x y z qw qx qy qz, separated by commas or blanks; lines
/// that begin with # or a letter are skipped. When the last row repeats the first, the motion is
/// periodic.
/// @return QN_ERR_IO, or QN_ERR_INPUT with file and line
enum qn_status qn_pose_table_read(const char *path, struct qn_pose_table *out) QN_MUST_USE;
void qn_pose_table_free(struct qn_pose_table *table);
