/// @file
/// A deck in memory: everything a run was asked to do, in SI. Read by `app/deck.h`.
///
/// To add a key: one member here, one row in the tables of `src/app/deck_fields.c`.
#pragma once

#include <stdint.h>

#include "app/variant.h"
#include "dem/contact.h"
#include "bridge/map.h"
#include "bridge/replay.h"
#include "model/material.h"
#include "model/mesh.h"
#include "model/motion.h"
#include "model/vessel.h"

enum {
    QN_MAX_MATERIALS = 8,
    QN_MAX_GROUPS = 32,
    QN_MAX_FILL = 8,
    QN_MAX_AREAS = 8,
    QN_MAX_START = 16,
    QN_MAX_PAIRS = 16,
    QN_MAX_WORN = 12,
    QN_MAX_STAGES = 24
};

enum qn_gravity_dir { QN_GRAVITY_ALONG_AXIS, QN_GRAVITY_ACROSS_AXIS, QN_GRAVITY_NONE };
enum qn_layer_fate { QN_LAYER_STAYS, QN_LAYER_DISPERSES };
enum qn_coating { QN_COATING_CONSTANT, QN_COATING_LAW };
enum qn_powder_form { QN_POWDER_NONE, QN_POWDER_CARRIED, QN_POWDER_PARCELS };

struct qn_deck_mill {
    char name[64];               ///< what the mill is called, for people
    char assumption[256];        ///< what of a preset is assumed and not overridden; "" for nothing
    int type;                    ///< index into qn_mill_laws
    double own[QN_MILL_OWN];     ///< parameters of the law, as its own struct
    double run_up;               ///< from rest to full speed                      [s]
    enum qn_gravity_dir gravity; ///< along the vial's axis (-z), across it (-y), or none
    int n_legs;                  ///< of the speed programme
    int64_t repeat;              ///< the programme begins again
    struct qn_leg leg[QN_MAX_LEGS];
    struct qn_pose_table table; ///< owned; of a law that reads a file
};

struct qn_deck_vial {
    int shape;               ///< index into qn_vial_laws
    double own[QN_VIAL_OWN]; ///< parameters of the shape, as its own struct
    struct qn_mesh mesh;     ///< owned; of a shape that reads a file
    int n_rods;
    struct qn_rod rod[QN_MAX_RODS]; ///< arms, shafts and lifters inside
    int material;                   ///< index into materials
};

/// Equal bodies.
struct qn_deck_size {
    int64_t count;   ///< exact
    double diameter; ///< [m]
};

struct qn_deck_balls {
    int material;
    int n_groups;
    struct qn_deck_size group[QN_MAX_GROUPS];
};

/// What a pair of materials may have of its own.
enum qn_pair_number { QN_PAIR_RESTITUTION, QN_PAIR_FRICTION, QN_PAIR_ROLLING, QN_PAIR_NUMBERS };

struct qn_deck_pair {
    int a, b;                       ///< indices into materials
    double number[QN_PAIR_NUMBERS]; ///< NAN: not given                             [-]
};

struct qn_deck_contact {
    int law;                  ///< index into qn_contact_laws, of media pairs
    double stiffness;         ///< linear law                                           [N/m]
    double tangential;        ///< linear law: tangential over normal spring            [-]
    double energy;            ///< surface energy of one face, cohesive laws            [J/m2]
    double softening;         ///< media moduli are divided by this in the engine       [-]
    int restitution;          ///< enum qn_closure of media pairs
    double restitution_value; ///< constant closure: e of media pairs               [-]
    int n_table;
    double table[QN_RESTITUTION_ROWS][2]; ///< table closure: speed [m/s], e        [-]
    double coating_scale;                 ///< sigma_0 of e = e_bare s + e_powder (1 - s),
                          ///< s = exp(-sigma/sigma_0)                              [kg/m2]
    double powder_restitution; ///< e_powder                                        [-]
    double powder_friction;    ///< mu_powder of the same closure; NAN: as the media  [-]
    double friction;           ///< media pairs                                     [-]
    double rolling;            ///< media pairs                                     [-]
    double rolling_speed;      ///< 0: spring-slider; else constant moment          [rad/s]
    double twisting;           ///< media pairs                                     [-]
    int parcel_law;            ///< index into qn_contact_laws, of any pair with a parcel
    double parcel_energy;      ///< surface energy of its cohesive laws             [J/m2]
    double parcel_twisting;    ///< any pair with a parcel                          [-]
    int n_pairs;
    struct qn_deck_pair pair[QN_MAX_PAIRS]; ///< what pairs of materials have of their own
    double parcel_restitution, parcel_friction, parcel_rolling; ///< any pair with a parcel [-]
    double parcel_young;      ///< modulus of a parcel in the engine               [Pa]
    double rayleigh_fraction; ///< dt at most this times the shortest Rayleigh time [-]
    double hertz_fraction;    ///< dt at most this times the shortest Hertz contact [-]
    double speed_bound;       ///< impact speed used for the Hertz time; 0: twice the
                              ///< largest wall speed                             [m/s]
    double overlap_limit;     ///< media pairs: stop above this share of R         [-]
};

struct qn_deck_powder {
    int material;               ///< -1: no powder
    double mass;                ///< whole charge                                    [kg]
    double layer;               ///< h, powder between two bodies (both coatings)    [m]
    double packing;             ///< solid share phi of the layer                    [-]
    double bed_conductivity;    ///< k of the layer                                  [W/(m K)]
    double heat_share;          ///< f_p, share of the energy that goes to the powder [-]
    double taylor_quinney;      ///< beta                                            [-]
    double flow_stress;         ///< p_f of a free parcel                            [Pa]
    double trapped_flow_stress; ///< of the thin layer between media                 [Pa]
    double shear_strength;      ///< of the trapped layer                            [Pa]
    double melting_temperature; ///< cap of the hot spot                             [K]
    double latent_heat;         ///< of melting                                      [J/kg]
    double exchange;            ///< share of a trapped mass swapped with the reserve [-]
    double grain_size;          ///< of grains flung off                             [m]
    enum qn_layer_fate fate;    ///< of the trapped layer after parting
    enum qn_coating coating;    ///< held, or followed by the law of model/coating.h
    double pick_up;             ///< of loose powder, per energy it takes on media   [kg/J]
    double shed;                ///< share lost per impact energy per area           [m2/J]
    double coating_limit;       ///< h0, thickest coating                            [m]
    double coating_drift;       ///< a coating that moved by this asks for a new window [-]
    double coating_on[2];       ///< on balls and wall; 0: half of the layer             [m]
};

struct qn_deck_chemistry {
    char mechanism[512];     ///< path, resolved against the deck; "" for none
    double bulk_temperature; ///< held                                            [K]
    double fill_temperature; ///< at which the gas was filled                     [K]
    double dead_volume;      ///< of lines and transducer                        [m3]
    double dead_temperature; ///< [K]
    double pore_diffusivity; ///< of gas in a trapped layer                       [m2/s]
    double rest;             ///< before the mill turns                           [s]
    int n_fill;
    struct {
        char species[24];
        double pressure;
    } fill[QN_MAX_FILL]; ///< [Pa]
    int n_areas;
    struct {
        char phase[32];
        double area;
    } area[QN_MAX_AREAS]; ///< [m2/kg of powder]
    int n_start;
    struct {
        char species[24];
        double coverage;
    } start[QN_MAX_START]; ///< initial coverages
    int n_solids;
    struct {
        char species[24];
        double amount;
    } solid[QN_MAX_START];          ///< pure solids at the start [mol/kg of powder]
    struct qn_named_values binding; ///< binding energies of atoms [eV]
    struct qn_named_values scale;   ///< factors on rate constants, by number
};

enum qn_heat_balance { QN_HEAT_HELD, QN_HEAT_COMPUTED };

struct qn_deck_heat {
    enum qn_heat_balance balance; ///< of the hours; held: at bulk_temperature throughout
    double ambient;               ///< around the vial                              [K]
    double vial_mass;             ///< of all that warms with the wall             [kg]
    double cooling;               ///< vial to ambient                            [W/K]
    double drive_loss;            ///< heat of the drive that reaches the vial      [W]
    double gas_conductivity;      ///< 0: no exchange through the gas         [W/(m K)]
    double gas_viscosity;         ///< kinematic                                 [m2/s]
    double gas_prandtl;           ///< [-]
    double grain;                 ///< of a carried reserve, alone in the gas; 0: none meets it [m]
};

/// Wear of a material; a coefficient of 0: not asked for.
struct qn_deck_wear {
    double coefficient; ///< Archard's K, of this surface                            [-]
    double hardness;    ///< [Pa]
    int n_elements;
    struct {
        char symbol[4];
        double share; ///< of mass                                                  [-]
    } element[QN_MAX_WORN];
};

enum qn_act { QN_ACT_MILL, QN_ACT_HOLD, QN_ACT_EVACUATE, QN_ACT_FILL, QN_ACT_SAMPLE };
enum qn_outlet { QN_OUTLET_PRESSURE, QN_OUTLET_VOLUME };

/// One of `run.stages`.
struct qn_deck_stage {
    enum qn_act act;
    double span;                 ///< of mill and hold                                   [s]
    double temperature;          ///< of mill and hold; 0: the deck's                    [K]
    double flow;                 ///< of feed                                         [m3/s]
    struct qn_named_values feed; ///< partial pressures of feed or fill                 [Pa]
    enum qn_outlet outlet;
    double to; ///< of evacuate: pressure left [Pa]; of sample: volume                  [m3]
};

struct qn_deck_run {
    enum qn_powder_form window_powder; ///< carried, parcels or none
    double window_min, window_max;     ///< DEM window after the start-up transient          [s]
    double window_tolerance;           ///< statistics hold still within this                [-]
    double start_up;                   ///< dropped before the window begins                 [s]
    double settle;                     ///< time to come to rest before the mill; 0: not  [s]
    double settle_energy, settle_hold; ///< below this share of m g R [-] for so long     [s]
    int64_t windows;                   ///< over the hours at most, as coatings move
    double direct_span;                ///< direct mode; 0: none                             [s]
    enum qn_powder_form direct_powder;
    int64_t parcels;    ///< count of all
    double parcel_mass; ///< of all parcels together                          [kg]
    int parcels_listed; ///< by run.parcel_groups, else one size from count and mass
    int n_parcel_groups;
    struct qn_deck_size parcel_group[QN_MAX_GROUPS];
    double one_parcel[QN_MAX_GROUPS]; ///< mass of a parcel of each group              [kg]
    double sync;                      ///< carriers brought to now at least this often      [s]
    double bridged;                   ///< hours of bridged mode; 0: none                   [s]
    int n_stages;                     ///< 0: it is milled for `bridged`
    struct qn_deck_stage stage[QN_MAX_STAGES];
    int64_t bridged_points;      ///< output points of the bridged curve
    enum qn_choice bridge_level; ///< of each class
    int64_t replay_carriers;     ///< of a class, at most
    enum qn_replay_gas replay_gas;
    int64_t resample;           ///< number of a draw of the window's hits; 0: as counted
    double checkpoint_interval; ///< wall time                                        [s]
    int64_t threads;            ///< OpenMP; 0: what the environment says
    int64_t hash_every;         ///< steps between digests of the mechanical state
    int64_t event_log;          ///< 1: stream episodes to segment files
    double event_threshold;     ///< every episode that dissipates this is logged     [J]
    double event_share;         ///< of the others                                    [-]
};

struct qn_deck {
    char name[64];
    char path[512];
    uint64_t seed;
    int n_materials;
    struct qn_material material[QN_MAX_MATERIALS];
    struct qn_deck_mill mill;
    struct qn_deck_vial vial;
    struct qn_deck_balls balls;
    struct qn_deck_contact contact;
    struct qn_deck_powder powder;
    struct qn_deck_chemistry chemistry;
    struct qn_deck_heat heat;
    struct qn_deck_wear wear[QN_MAX_MATERIALS]; ///< of each material
    struct qn_deck_run run;
    char *resolved;           ///< YAML text of the deck with every default written out, owned
    uint64_t mechanical_hash; ///< of what the mechanics depends on (key of a window file)
};

/// One `--set key=value`.
struct qn_override {
    const char *key, *value;
};
