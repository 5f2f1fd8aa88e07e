/// @file
/// Facts of the build as data.
#include "app/version.h"

#include <stddef.h>

#include "build_info.h"
#include "git_id.h"

// Only features that __builtin_cpu_supports can ask for at run time are listed.
const char qn_compiled_for[] = ""
#ifdef __AVX512F__
                               "avx512f "
#endif
#ifdef __AVX512DQ__
                               "avx512dq "
#endif
#ifdef __AVX512VL__
                               "avx512vl "
#endif
#ifdef __AVX2__
                               "avx2 "
#endif
#ifdef __FMA__
                               "fma "
#endif
#ifdef __BMI2__
                               "bmi2 "
#endif
    ;

const struct qn_version_item qn_version_items[] = {
    {"quern", QN_BUILD_VERSION},     {"commit", QN_BUILD_GIT},
    {"compiler", QN_BUILD_COMPILER}, {"build", QN_BUILD_TYPE},
    {"flags", QN_BUILD_FLAGS},       {"cpu", qn_compiled_for},
    {"mpi", QN_BUILD_MPI},           {"petsc", QN_BUILD_PETSC},
    {"hdf5", QN_BUILD_HDF5},         {NULL, NULL},
};
