/// @file
/// The step of the engine: fractions of the Rayleigh time and of the shortest Hertz contact.
///
/// `quern check` prints the same choice that the engine runs with.
#pragma once

/// A kind of body, with the moduli the engine uses (softened media, soft parcels).
struct qn_step_class {
    const char *name;
    double radius;  ///< 0: a flat wall, of endless mass                        [m]
    double density; ///< [kg/m3]
    double young;   ///< [Pa]
    double poisson; ///< [-]
};

struct qn_step_rule {
    double rayleigh_fraction, hertz_fraction; ///< [-]
    double speed;                             ///< largest impact speed                    [m/s]
};

struct qn_step_choice {
    double dt;       ///< [s]
    double rayleigh; ///< shortest Rayleigh time                                [s]
    double hertz;    ///< shortest Hertz contact at rule.speed                  [s]
    int rayleigh_of; ///< index of its class
    int hertz_of[2]; ///< indices of its pair
    int by_hertz;    ///< 1: the Hertz contact limits the step, 0: the Rayleigh time
};

/// Duration of an elastic Hertz impact, 2.8683 (m*^2/(R* E*^2 v))^(1/5) [s].
double qn_hertz_time(double m_star, double r_star, double e_star, double speed);

/// Largest overlap of an elastic Hertz impact, (15 m* v^2/(16 sqrt(R*) E*))^(2/5) [m].
double qn_hertz_depth(double m_star, double r_star, double e_star, double speed);

/// Largest step that the rule allows for bodies of these classes, any of which may meet any other.
/// At least one class has a radius; speed is above 0.
void qn_step_choose(int n, const struct qn_step_class *classes, const struct qn_step_rule *rule,
                    struct qn_step_choice *choice);

/// Reduced radius, mass and modulus of two classes (not both walls).
void qn_step_pair(const struct qn_step_class *a, const struct qn_step_class *b, double *r_star,
                  double *m_star, double *e_star);
