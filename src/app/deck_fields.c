/// @file
/// The keys of a deck, drawn as tables: path, member, unit, range, default, meaning.
///
/// MECH marks what the mechanics of a window depends on; those rows make the window's hash.
#include "app/deck_fields.h"

#include <math.h>
#include <stddef.h>

#include "model/coating.h"

#define AT(member) offsetof(struct qn_deck, member)
#define MECH QN_DECK_MECHANICS
#define NUMBER(key, member, si, lo, hi, bits, standard, text)                                      \
    .path = key, .type = QN_FIELD_DOUBLE, .offset = AT(member), .unit = si, .min = lo, .max = hi,  \
    .flags = (standard) ? (bits) : (bits) | QN_REQUIRED, .fallback = standard, .doc = text
#define WHOLE(key, member, lo, hi, bits, standard, text)                                           \
    .path = key, .type = QN_FIELD_INT, .offset = AT(member), .min = lo, .max = hi,                 \
    .flags = (standard) ? (bits) : (bits) | QN_REQUIRED, .fallback = standard, .doc = text
#define WORD(key, member, words, bits, standard, text)                                             \
    .path = key, .type = QN_FIELD_ENUM, .offset = AT(member), .names = words,                      \
    .flags = (standard) ? (bits) : (bits) | QN_REQUIRED, .fallback = standard, .doc = text
#define OTHER(key, member, reader, writer, bits, standard, text)                                   \
    .path = key, .type = QN_FIELD_OTHER, .offset = AT(member), .read = reader, .write = writer,    \
    .flags = (standard) ? (bits) : (bits) | QN_REQUIRED, .fallback = standard, .doc = text
#define WHEN(key, word) .when = key, .is = word
#define NEED NULL

static const char *const turns_with[] = {"vial", "shaft", NULL};
static const char *const closures[] = {"constant", "thornton", "table", NULL}; // qn_closure
static const char *const fates[] = {"stays", "disperses", NULL};
static const char *const bridge_levels[] = {"automatic", "linear", "map", "replay", NULL};
static const char *const replay_gases[] = {"automatic", "frozen", "coupled", NULL};
static const char *const balances[] = {"held", "computed", NULL}; // qn_heat_balance
static const char *const coatings[] = {"constant", "law", NULL};  // qn_coating
static const char *const forms[] = {"none", "carried", "parcels", NULL};

// clang-format off
static const struct qn_field deck_fields[] = {
    {.path = "name", .type = QN_FIELD_STRING, .offset = AT(name), .size = 64, .fallback = "",
     .doc = "what the run is called; the file's name when it is not given"},
    {WHOLE("seed", seed, 0, 9e15, MECH, "1", "of every random number")},
    {OTHER("materials", material, qn_read_materials, qn_write_materials, MECH, NEED,
           "a map: name to density, young, poisson, yield_pressure, conductivity, heat_capacity")},

    {WORD("mill.type", mill.type, NULL, MECH, NEED, "how the vial moves")},
    // here deck_table.c puts the keys of each law of qn_mill_laws, mill.gravity with them
    {.path = "mill.name", .type = QN_FIELD_STRING, .offset = AT(mill.name), .size = 64,
     .fallback = "", .doc = "what the mill is called; presets set it"},
    {.path = "mill.assumption", .type = QN_FIELD_STRING, .offset = AT(mill.assumption), .size = 256,
     .fallback = "", .doc = "what of the mill is assumed; set by presets, told by check and summary"},
    {NUMBER("mill.run_up", mill.run_up, "s", 0, 600, MECH, "0.2 s", "ramp from rest to full speed")},
    {OTHER("mill.programme", mill, qn_read_programme, qn_write_programme, MECH, "none",
           "a list of {speed, for, ramp}: over full speed (0 rests, -1 reverses), how long, and of "
           "that how long to get there (default run_up); a vibration then changes its frequency")},
    {.path = "mill.repeat", .type = QN_FIELD_BOOL, .offset = AT(mill.repeat), .flags = MECH,
     .fallback = "no", .doc = "the programme begins again when it is over; else its last leg lasts"},

    {WORD("vial.shape", vial.shape, NULL, MECH, NEED, "inside of the vial")},
    // here deck_table.c puts the keys of each shape of qn_vial_laws
    {OTHER("vial.inner", vial, qn_read_rods, qn_write_rods, MECH, "none",
           "a list of {from: [x, y, z], to: [x, y, z], radius, on}: round bars that turn with the "
           "shaft of an attritor or with the vial")},
    {OTHER("vial.material", vial.material, qn_read_material_name, qn_write_material_name, MECH, NEED,
           "a name from materials")},

    {OTHER("balls.material", balls.material, qn_read_material_name, qn_write_material_name, MECH,
           NEED, "a name from materials")},
    {OTHER("balls.groups", balls, qn_read_groups, qn_write_groups, MECH, NEED,
           "a list of {count or mass, diameter}, {count or mass, median, sigma} (lognormal) or "
           "{mass, sieve: [{from, to, share}]}")},

    {WORD("contact.law", contact.law, NULL, MECH, "hertz", "normal force of media pairs")},
    {NUMBER("contact.stiffness", contact.stiffness, "N/m", 0, 1e12, MECH | QN_ABOVE, NEED,
            "normal spring; softening and moduli do not enter"), WHEN("contact.law", "linear")},
    {NUMBER("contact.tangential_ratio", contact.tangential, "1", 0, 1, MECH,
            "0.2857142857142857", "tangential over normal spring"), WHEN("contact.law", "linear")},
    {NUMBER("contact.surface_energy", contact.energy, "J/m2", 0, 100, MECH | QN_ABOVE, NEED,
            "of one face, half the work of adhesion"), WHEN("contact.law", "dmt")},
    {NUMBER("contact.surface_energy", contact.energy, "J/m2", 0, 100, MECH | QN_ABOVE, NEED,
            "of one face, half the work of adhesion"), WHEN("contact.law", "jkr")},
    {NUMBER("contact.softening", contact.softening, "1", 1, 1e4, MECH, "50",
            "moduli of balls and vial are divided by this in the engine; never seen in results")},
    {WORD("contact.restitution", contact.restitution, closures, MECH, "thornton",
          "of bare media at first touch: a constant, Thornton's elastic-plastic closure from "
          "yield_pressure, or a table")},
    {NUMBER("contact.restitution_value", contact.restitution_value, "1", 0.05, 1, MECH, NEED,
            "of bare media"), WHEN("contact.restitution", "constant")},
    {OTHER("contact.restitution_table", contact, qn_read_restitution_table,
           qn_write_restitution_table, MECH, NEED,
           "a list of {speed, restitution}, speeds rising; linear in the logarithm of speed"),
     WHEN("contact.restitution", "table")},
    {NUMBER("contact.coating_scale", contact.coating_scale, "kg/m2", 0, 100, MECH | QN_ABOVE,
            "0.1 kg/m2", "coating at which restitution has gone 63 % of the way to the powder's")},
    {NUMBER("contact.powder_restitution", contact.powder_restitution, "1", 0.05, 1, MECH, "0.2",
            "of thickly coated media")},
    {OTHER("contact.powder_friction", contact, qn_read_powder_friction, qn_write_powder_friction,
           MECH, "none",
           "of thickly coated media pairs, 0 to 2; friction goes there as restitution does. none: "
           "contact.friction whatever the coating")},
    {NUMBER("contact.friction", contact.friction, "1", 0, 2, MECH, "0.4", "of media pairs")},
    {NUMBER("contact.rolling", contact.rolling, "1", 0, 1, MECH, "0.001", "of media pairs")},
    {NUMBER("contact.rolling_speed", contact.rolling_speed, "rad/s", 0, 1e4, MECH, "0 rad/s",
            "0: a spring that slides at its cap; else a moment of constant size, in proportion to "
            "the spin below this")},
    {NUMBER("contact.twisting", contact.twisting, "1", 0, 2, MECH, "0",
            "of media pairs: cap of the moment about the normal over a F_n; 2/3 of friction for a "
            "spot that sticks")},
    {OTHER("contact.pairs", contact, qn_read_pairs, qn_write_pairs, MECH, "none",
           "a list of {between: [a, b], restitution, friction, rolling}: what a pair of materials "
           "has of its own; elastic moduli are mixed from the materials")},
    {WORD("contact.parcel_law", contact.parcel_law, NULL, MECH, "hertz",
          "normal force of any pair with a parcel: hertz, dmt or jkr, which is not capped at "
          "flow_stress")},
    {NUMBER("contact.parcel_surface_energy", contact.parcel_energy, "J/m2", 0, 100, MECH | QN_ABOVE,
            NEED, "of one face"), WHEN("contact.parcel_law", "dmt")},
    {NUMBER("contact.parcel_surface_energy", contact.parcel_energy, "J/m2", 0, 100, MECH | QN_ABOVE,
            NEED, "of one face"), WHEN("contact.parcel_law", "jkr")},
    {NUMBER("contact.parcel_twisting", contact.parcel_twisting, "1", 0, 2, MECH, "0",
            "of any pair with a parcel")},
    {NUMBER("contact.parcel_restitution", contact.parcel_restitution, "1", 0.05, 1, MECH, "0.3",
            "of any pair with a parcel")},
    {NUMBER("contact.parcel_friction", contact.parcel_friction, "1", 0, 2, MECH, "0.6",
            "of any pair with a parcel")},
    {NUMBER("contact.parcel_rolling", contact.parcel_rolling, "1", 0, 1, MECH, "0.1",
            "of any pair with a parcel")},
    {NUMBER("contact.parcel_young", contact.parcel_young, "Pa", 1e5, 1e12, MECH, "0.5 GPa",
            "modulus of a parcel in the engine")},
    {NUMBER("contact.rayleigh_fraction", contact.rayleigh_fraction, "1", 0, 0.3, MECH | QN_ABOVE,
            "0.15", "the step is at most this times the shortest Rayleigh time")},
    {NUMBER("contact.hertz_fraction", contact.hertz_fraction, "1", 0, 0.1, MECH | QN_ABOVE,
            "0.033333333333333333", "the step is at most this times the shortest Hertz contact")},
    {NUMBER("contact.speed_bound", contact.speed_bound, "m/s", 0, 200, MECH, "0 m/s",
            "impact speed of the Hertz time; 0: twice the largest wall speed")},
    {NUMBER("contact.overlap_limit", contact.overlap_limit, "1", 0, 0.5, MECH | QN_ABOVE, "0.05",
            "media pairs: the run stops above this share of the radius")},

    {OTHER("powder", powder, qn_read_section, qn_write_section, MECH, "none",
           "the powder charge, or none (keys below)")},
    {OTHER("gas", chemistry, qn_read_section, qn_write_section, 0, "none",
           "the gas filled in, or none (keys below)")},
    {OTHER("chemistry", chemistry, qn_read_section, qn_write_section, 0, "none",
           "mechanism and bulk temperature, or none (keys below)")},

    {WORD("heat.balance", heat.balance, balances, 0, "held",
          "temperatures over the hours: held at chemistry.bulk_temperature, or computed from it on by "
          "a balance of balls, wall, powder and gas")},
    {NUMBER("heat.ambient", heat.ambient, "K", 100, 1000, 0, "25 degC", "around the vial"),
     WHEN("heat.balance", "computed")},
    {NUMBER("heat.vial_mass", heat.vial_mass, "kg", 0, 1e3, QN_ABOVE, NEED,
            "of all that warms with the wall: vial, lid, holder"), WHEN("heat.balance", "computed")},
    {NUMBER("heat.cooling", heat.cooling, "W/K", 0, 1e4, 0, NEED,
            "from the vial to the ambient; fans and free air give 0.3 to 2 W/K"),
     WHEN("heat.balance", "computed")},
    {NUMBER("heat.drive_loss", heat.drive_loss, "W", 0, 1e5, 0, "0 W",
            "heat of the drive that reaches the vial"), WHEN("heat.balance", "computed")},
    {NUMBER("heat.gas_conductivity", heat.gas_conductivity, "W/(m K)", 0, 1, 0, NEED,
            "of the gas as filled; 0: no exchange through it"), WHEN("heat.balance", "computed")},
    {NUMBER("heat.gas_viscosity", heat.gas_viscosity, "m2/s", 0, 1, QN_ABOVE, NEED,
            "kinematic, of the gas as filled"), WHEN("heat.balance", "computed")},
    {NUMBER("heat.gas_prandtl", heat.gas_prandtl, "1", 0, 10, QN_ABOVE, "0.7", "of the gas"),
     WHEN("heat.balance", "computed")},
    {NUMBER("heat.grain", heat.grain, "m", 0, 1e-2, 0, "0 m",
            "grains of a carried reserve that each meet the gas alone (the most exchange); 0: they "
            "meet it through the media only (the least); both are assumptions"),
     WHEN("heat.balance", "computed")},
    {OTHER("wear", wear, qn_read_wear, qn_write_wear, 0, "none",
           "a map: name from materials to {coefficient, hardness, composition}")},

    {WORD("run.window_powder", run.window_powder, forms, MECH, NEED,
          "powder in the window: none, carried on the media, or parcels")},
    {NUMBER("run.window_min", run.window_min, "s", 0, 1e4, MECH, NEED,
            "shortest window after the start-up")},
    {NUMBER("run.window_max", run.window_max, "s", 0, 1e4, MECH, NEED,
            "longest window; the same as window_min fixes it")},
    {NUMBER("run.window_tolerance", run.window_tolerance, "1", 0, 1, MECH | QN_ABOVE, "0.03",
            "the window ends when its statistics hold still within this")},
    {NUMBER("run.start_up", run.start_up, "s", 0, 1e4, MECH, "0.5 s",
            "dropped before the window begins; holds the run-up")},
    {NUMBER("run.settle", run.settle, "s", 0, 1e3, MECH, "0 s",
            "time bodies have to fall and come to rest before the mill turns, in window and direct "
            "span; 0: it turns at once")},
    {NUMBER("run.settle_energy", run.settle_energy, "1", 0, 1, MECH | QN_ABOVE, "1e-3",
            "at rest: the mean over bodies of v^2/(2 g R), kinetic energy over m g R, is below this")},
    {NUMBER("run.settle_hold", run.settle_hold, "s", 0, 10, MECH | QN_ABOVE, "10 ms",
            "for so long")},
    {WHOLE("run.windows", run.windows, 0, 1000, 0, "10",
           "with powder.coating: law, windows over the hours at most, each of the coatings of then; 0 or "
           "1: the first serves all of the hours, and what the coatings would do is told")},
    {NUMBER("run.direct_span", run.direct_span, "s", 0, 1e4, 0, "0 s",
            "chemistry coupled step by step for so long; 0: not")},
    {WORD("run.direct_powder", run.direct_powder, forms, 0, "parcels", "powder in the direct span")},
    {WHOLE("run.parcels", run.parcels, 0, 1e8, 0, "0", "count of parcels")},
    {NUMBER("run.parcel_mass", run.parcel_mass, "kg", 0, 100, 0, "0 kg", "of all parcels together")},
    {OTHER("run.parcel_groups", run, qn_read_parcel_groups, qn_write_parcel_groups, 0, "none",
           "parcels of several sizes, in place of count and mass: a list as balls.groups, of spheres "
           "of the powder's solid density, at most 1 mm")},
    {NUMBER("run.sync", run.sync, "s", 0, 100, QN_ABOVE, "10 ms",
            "carriers are brought to now at least this often in the direct span")},
    {NUMBER("run.bridged", run.bridged, "s", 0, 1e8, 0, "0 s", "bridged mode for so long; 0: not")},
    {WORD("run.bridge_level", run.bridge_level, bridge_levels, 0, "automatic",
          "how a class of powder is carried over the hours; automatic: by the printed criterion")},
    {WHOLE("run.replay_carriers", run.replay_carriers, 1, 1e6, 0, "64",
           "carriers of a class that replay follows at most; a larger class is sampled")},
    {WORD("run.replay_gas", run.replay_gas, replay_gases, 0, "automatic",
          "gas of a replay: frozen between intervals that follow its change; coupled with the "
          "carriers as one stiff system; automatic: coupled once it keeps intervals far shorter than "
          "hits would")},
    {WHOLE("run.resample", run.resample, 0, 1e6, 0, "0",
           "0: hits as the window counted them; k: the k-th Poisson draw around them, so that the "
           "spread over a sweep of k is the error from the window's length (quern-post spread)")},
    {OTHER("run.stages", run.stage, qn_read_stages, qn_write_stages, 0, "none",
           "a list of {do: mill | hold | evacuate | fill | sample, ...}: what happens over the "
           "hours, in place of run.bridged")},
    {WHOLE("run.bridged_points", run.bridged_points, 2, 1e6, 0, "200", "of the bridged curve")},
    {NUMBER("run.checkpoint_interval", run.checkpoint_interval, "s", 0, 1e7, QN_ABOVE, "60 s",
            "wall time between checkpoints")},
    {WHOLE("run.threads", run.threads, 0, 1024, 0, "0", "OpenMP threads; 0: what OMP_NUM_THREADS says")},
    {WHOLE("run.hash_every", run.hash_every, 1, 1e12, 0, "25600",
           "steps between digests of the mechanical state in the run file")},
    {.path = "run.event_log", .type = QN_FIELD_BOOL, .offset = AT(run.event_log), .fallback = "no",
     .doc = "stream contact episodes to segment files; the (first) window is then never reused"},
    {NUMBER("run.event_threshold", run.event_threshold, "J", 0, 1e6, 0, "0 J",
            "the log keeps every episode that dissipates at least this")},
    {NUMBER("run.event_share", run.event_share, "1", 0, 1, 0, "0",
            "and of those below, a random share, each with the weight 1/share")},
    {0},
};

static const struct qn_field powder_fields[] = {
    {OTHER("material", powder.material, qn_read_material_name, qn_write_material_name, 0, NEED,
           "a name from materials, for the solid")},
    {NUMBER("mass", powder.mass, "kg", 0, 100, QN_ABOVE, NEED, "whole charge")},
    {NUMBER("layer", powder.layer, "m", 0, 1e-2, QN_ABOVE, NEED,
            "powder between two bodies, both coatings together; rules captured mass and heat")},
    {NUMBER("coating_balls", powder.coating_on[QN_COATED_BALLS], "m", 0, 1e-2, 0, "0 m",
            "of that, what lies on each ball; 0: half of powder.layer")},
    {NUMBER("coating_wall", powder.coating_on[QN_COATED_WALL], "m", 0, 1e-2, 0, "0 m",
            "what lies on the wall; 0: half of powder.layer")},
    {NUMBER("packing", powder.packing, "1", 0.05, 0.95, 0, "0.5", "solid share of the layer")},
    {NUMBER("bed_conductivity", powder.bed_conductivity, "W/(m K)", 0, 500, QN_ABOVE, NEED,
            "of the layer")},
    {NUMBER("heat_share", powder.heat_share, "1", 0, 1, 0, "0.75",
            "share of a contact's energy that goes to the powder")},
    {NUMBER("taylor_quinney", powder.taylor_quinney, "1", 0, 1, 0, "0.9",
            "share of plastic work that becomes heat")},
    {NUMBER("flow_stress", powder.flow_stress, "Pa", 1e3, 1e11, 0, "20 MPa", "of a free parcel")},
    {NUMBER("trapped_flow_stress", powder.trapped_flow_stress, "Pa", 1e5, 1e12, 0, "3 GPa",
            "of the thin layer between media")},
    {NUMBER("shear_strength", powder.shear_strength, "Pa", 1e5, 1e12, 0, "1 GPa",
            "of the trapped layer")},
    {NUMBER("melting_temperature", powder.melting_temperature, "K", 300, 6000, 0, NEED,
            "cap of the hot spot")},
    {NUMBER("latent_heat", powder.latent_heat, "J/kg", 0, 1e8, QN_ABOVE, NEED, "of melting")},
    {NUMBER("exchange", powder.exchange, "1", 0, 1, 0, "0.05",
            "share of the powder a contact presses that it swaps with its partner's; with carried "
            "powder with the reserve, from which it is drawn")},
    {NUMBER("grain_size", powder.grain_size, "m", 0, 1e-2, QN_ABOVE, "10 um", "of grains flung off")},
    {WORD("fate", powder.fate, fates, 0, "stays", "of the trapped layer after parting")},
    {WORD("coating", powder.coating, coatings, 0, "constant",
          "of balls and wall: held (an assumption), or followed over the hours by pick-up and "
          "shedding with what windows count, a new window (run.windows) whenever it has drifted")},
    {NUMBER("pick_up", powder.pick_up, "kg/J", 0, 1e3, 0, NEED,
            "loose powder that media keep, per energy it takes in contacts with them (calibrate)"),
     WHEN("coating", "law")},
    {NUMBER("shed", powder.shed, "m2/J", 0, 1e6, 0, NEED,
            "share of a coating lost, per impact energy per area (calibrate)"),
     WHEN("coating", "law")},
    {NUMBER("coating_limit", powder.coating_limit, "m", 0, 1e-2, QN_ABOVE, "100 um",
            "thickest coating; 50 to 200 um are found (an assumption)"), WHEN("coating", "law")},
    {NUMBER("coating_drift", powder.coating_drift, "1", 0.01, 1, 0, "0.05",
            "a coating that has moved by this asks for a new window: relative to what it is, or to a "
            "tenth of coating_limit where it is less; e and mu then move by less"),
     WHEN("coating", "law")},
    {0},
};

static const struct qn_field gas_fields[] = {
    {NUMBER("fill_temperature", chemistry.fill_temperature, "K", 100, 1000, 0, NEED,
            "at which the gas was filled")},
    {NUMBER("dead_volume", chemistry.dead_volume, "m3", 0, 1, 0, "0 m3",
            "of lines and transducer, at the vial's pressure")},
    {NUMBER("dead_temperature", chemistry.dead_temperature, "K", 100, 1000, 0, "25 degC",
            "of the dead volume")},
    {OTHER("pressure", chemistry.fill, qn_read_named, qn_write_named, 0, NEED,
           "a map: species to partial pressure"), .unit = "Pa", .min = 0, .max = 1e8},
    {0},
};

static const struct qn_field chemistry_fields[] = {
    {.path = "mechanism", .type = QN_FIELD_STRING, .offset = AT(chemistry.mechanism), .size = 512,
     .flags = QN_REQUIRED, .doc = "mechanism file, found from where the deck is"},
    {NUMBER("bulk_temperature", chemistry.bulk_temperature, "K", 100, 2000, 0, NEED, "held")},
    {NUMBER("pore_diffusivity", chemistry.pore_diffusivity, "m2/s", 0, 1, 0, "1e-5 m2/s",
            "of gas in the pores of a trapped layer; D/h2 is the rate that refills it")},
    {NUMBER("rest", chemistry.rest, "s", 0, 1e7, 0, "10 min",
            "powder and gas stand together for so long before the mill turns")},
    {OTHER("area", chemistry.area, qn_read_named, qn_write_named, 0, "none",
           "a map: phase to surface area per mass of powder, buried sites included"), .unit = "m2/kg", .min = 0, .max = 1e7},
    {OTHER("start", chemistry.start, qn_read_named, qn_write_named, 0, "none",
           "a map: species to its coverage at the start"), .unit = "1", .min = 0, .max = 1},
    {OTHER("solid", chemistry.solid, qn_read_named, qn_write_named, 0, "none",
           "a map: pure solid of the mechanism to its amount in the powder at the start"),
     .unit = "mol/kg", .min = 0, .max = 1e3},
    {OTHER("binding", chemistry.binding, qn_read_values, qn_write_values, 0, "none",
           "a map: atom to its binding energy, for a mechanism with linear-scaling: another metal"),
     .unit = "eV", .min = -20, .max = 0},
    {OTHER("scale", chemistry.scale, qn_read_values, qn_write_values, 0, "none",
           "a map: number of a reaction (quern mechanism) to a factor on its constants both ways"),
     .unit = "1", .min = 0, .max = 1e12},
    {0},
};

static const struct qn_field material_fields[] = {
#define MATERIAL(key, member, si, lo, hi, standard, text)                                          \
    {.path = key, .type = QN_FIELD_DOUBLE, .offset = offsetof(struct qn_material, member),         \
     .unit = si, .min = lo, .max = hi, .flags = (standard) ? 0 : QN_REQUIRED,                      \
     .fallback = standard, .doc = text}
    MATERIAL("density", density, "kg/m3", 10, 3e4, NEED, "of the solid"),
    MATERIAL("young", young, "Pa", 1e6, 2e12, NEED, "true modulus"),
    MATERIAL("poisson", poisson, "1", 0, 0.49, NEED, "Poisson's ratio"),
    MATERIAL("yield_pressure", yield_pressure, "Pa", 0, 1e12, "0 Pa",
             "limiting mean contact pressure, about the hardness; 0: stays elastic"),
    MATERIAL("conductivity", conductivity, "W/(m K)", 1e-3, 5e3, NEED, "dense solid"),
    MATERIAL("heat_capacity", heat_capacity, "J/(kg K)", 10, 2e4, NEED, "of the solid"),
    {0},
};

#define OF_WEAR(member) offsetof(struct qn_deck_wear, member)
static const struct qn_field wear_fields[] = {
    {.path = "coefficient", .type = QN_FIELD_DOUBLE, .offset = OF_WEAR(coefficient), .unit = "1",
     .min = 0, .max = 1, .flags = QN_REQUIRED | QN_ABOVE,
     .doc = "Archard's K: what this surface loses is K/H times load times sliding path"},
    {.path = "hardness", .type = QN_FIELD_DOUBLE, .offset = OF_WEAR(hardness), .unit = "Pa",
     .min = 1e6, .max = 1e12, .flags = QN_REQUIRED, .doc = "of this surface, conditioned"},
    {.path = "composition", .type = QN_FIELD_OTHER, .read = qn_read_elements,
     .write = qn_write_elements, .unit = "1", .min = 0, .max = 1, .fallback = "none",
     .doc = "a map: element to its share of the mass, 1 together within 0.01"},
    {0},
};

static const struct qn_field rod_fields[] = {
    {.path = "from", .type = QN_FIELD_DOUBLE, .offset = offsetof(struct qn_rod, a), .unit = "m",
     .min = -2, .max = 2, .count = 3, .flags = QN_REQUIRED, .doc = "one end, from the vial's centre"},
    {.path = "to", .type = QN_FIELD_DOUBLE, .offset = offsetof(struct qn_rod, b), .unit = "m",
     .min = -2, .max = 2, .count = 3, .flags = QN_REQUIRED, .doc = "the other end"},
    {.path = "radius", .type = QN_FIELD_DOUBLE, .offset = offsetof(struct qn_rod, radius),
     .unit = "m", .min = 0, .max = 1, .flags = QN_REQUIRED | QN_ABOVE, .doc = "of the bar"},
    {.path = "on", .type = QN_FIELD_ENUM, .offset = offsetof(struct qn_rod, inner),
     .names = turns_with, .flags = QN_REQUIRED, .doc = "what it turns with"},
    {0},
};

static const struct qn_field leg_fields[] = {
    {.path = "speed", .type = QN_FIELD_DOUBLE, .offset = offsetof(struct qn_leg, speed), .unit = "1",
     .min = -2, .max = 2, .flags = QN_REQUIRED, .doc = "over full speed; 0 rests, negative reverses"},
    {.path = "for", .type = QN_FIELD_DOUBLE, .offset = offsetof(struct qn_leg, span), .unit = "s",
     .min = 0, .max = 1e7, .flags = QN_ABOVE | QN_REQUIRED, .doc = "how long, with its ramp"},
    {.path = "ramp", .type = QN_FIELD_DOUBLE, .offset = offsetof(struct qn_leg, ramp), .unit = "s",
     .min = 0, .max = 1e7, .fallback = "0 s", .doc = "from the speed before (default mill.run_up)"},
    {0},
};

static const struct qn_field group_fields[] = {
    {.path = "count", .type = QN_FIELD_INT, .offset = offsetof(struct qn_deck_group, count),
     .min = 0, .max = 1e8, .flags = QN_ABOVE, .fallback = "1", .doc = "exact number"},
    {.path = "mass", .type = QN_FIELD_DOUBLE, .offset = offsetof(struct qn_deck_group, mass),
     .unit = "kg", .min = 0, .max = 1e4, .flags = QN_ABOVE, .fallback = "1 kg",
     .doc = "of the group, in place of a count"},
    {.path = "diameter", .type = QN_FIELD_DOUBLE, .offset = offsetof(struct qn_deck_group, diameter),
     .unit = "m", .min = 0, .max = 0.5, .flags = QN_ABOVE | QN_REQUIRED, .doc = "of each ball"},
    {0},
};

#define GROUP_NUMBER(name, si, lo, hi, bits, standard, text)                                       \
    .path = #name, .type = QN_FIELD_DOUBLE, .offset = offsetof(struct qn_deck_group, name),        \
    .unit = si, .min = lo, .max = hi, .flags = (standard) ? (bits) : (bits) | QN_REQUIRED,         \
    .fallback = standard, .doc = text

static const struct qn_field lognormal_fields[] = {
    {.path = "count", .type = QN_FIELD_INT, .offset = offsetof(struct qn_deck_group, count),
     .min = 0, .max = 1e8, .flags = QN_ABOVE, .fallback = "1", .doc = "exact number of balls"},
    {GROUP_NUMBER(mass, "kg", 0, 1e4, QN_ABOVE, "1 kg", "of the group, in place of a count")},
    {GROUP_NUMBER(median, "m", 0, 0.5, QN_ABOVE, NEED, "half of the balls are smaller")},
    {GROUP_NUMBER(sigma, "1", 0, 1, QN_ABOVE, NEED, "standard deviation of the logarithm")},
    {.path = "classes", .type = QN_FIELD_INT, .offset = offsetof(struct qn_deck_group, classes),
     .min = 1, .max = QN_MAX_GROUPS, .fallback = "8", .doc = "sizes that stand for them"},
    {0},
};

static const struct qn_field sieve_fields[] = {
    {GROUP_NUMBER(from, "m", 0, 0.5, QN_ABOVE, NEED, "mesh that holds the class back")},
    {GROUP_NUMBER(to, "m", 0, 0.5, QN_ABOVE, NEED, "mesh that lets it through")},
    {GROUP_NUMBER(share, "1", 0, 1, QN_ABOVE, NEED, "of the mass")},
    {0},
};
// clang-format on

const struct qn_table qn_deck_base = {"deck", deck_fields};
const struct qn_table qn_deck_wear_table = {"wear.<name>", wear_fields};
const struct qn_table qn_deck_leg_table = {"mill.programme[]", leg_fields};
const struct qn_table qn_deck_powder_table = {"powder", powder_fields};
const struct qn_table qn_deck_gas_table = {"gas", gas_fields};
const struct qn_table qn_deck_chemistry_table = {"chemistry", chemistry_fields};
const struct qn_table qn_deck_material_table = {"materials.<name>", material_fields};
const struct qn_table qn_deck_group_table = {"balls.groups[]", group_fields};
const struct qn_table qn_deck_lognormal_table = {"balls.groups[], lognormal", lognormal_fields};
const struct qn_table qn_deck_sieve_table = {"balls.groups[].sieve[]", sieve_fields};
const struct qn_table qn_deck_rod_table = {"vial.inner[]", rod_fields};
