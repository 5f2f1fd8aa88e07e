# One executable and one CTest entry a file: tests/{test,physics,repro}_*.c are `fast`,
# tests/slow_*.c are `slow`. A file that starts MPI itself names its rank counts in
# QUERN_MPI_TESTS ("name:ranks"); Criterion runs each test in a child of its own and only one child
# a launch may call MPI_Init, so such a file becomes one entry per test and rank count.
enable_testing()
pkg_check_modules(CRITERION REQUIRED IMPORTED_TARGET criterion)
set(QUERN_MPI_TESTS "" CACHE STRING "Tests to launch under mpirun, as name:ranks")

set(QUERN_TEST_ENV "OMP_WAIT_POLICY=passive;OMPI_MCA_rmaps_base_oversubscribe=1;OMPI_MCA_mpi_yield_when_idle=1;OMP_NUM_THREADS=2;ASAN_OPTIONS=detect_leaks=0"
  "OMPI_ALLOW_RUN_AS_ROOT=1;OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1")

function(quern_test_properties entry label timeout)
  set_tests_properties(${entry} PROPERTIES LABELS ${label} TIMEOUT ${timeout}
    WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR} ENVIRONMENT "${QUERN_TEST_ENV}")
endfunction()

function(quern_add_test file label timeout)
  get_filename_component(name ${file} NAME_WE)
  add_executable(${name} ${file})
  target_link_libraries(${name} PRIVATE quern quern_flags PkgConfig::CRITERION)
  target_compile_definitions(${name} PRIVATE QUERN_SOURCE_DIR="${CMAKE_CURRENT_SOURCE_DIR}"
    QUERN_EXE="${CMAKE_CURRENT_BINARY_DIR}/quern")
  # Criterion 2.4's assert macros narrow an int to a bit-field in our text; a source property comes
  # after the flags it switches off
  set_source_files_properties(${file} PROPERTIES COMPILE_OPTIONS -Wno-conversion)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/tests)
  set(launches ${QUERN_MPI_TESTS})
  list(FILTER launches INCLUDE REGEX "^${name}:")
  if(NOT launches)
    # -j2: two workers, since the tests of a file may each use two threads
    add_test(NAME ${name} COMMAND ${name} -j2 --short-filename)
    quern_test_properties(${name} ${label} ${timeout})
    return()
  endif()
  file(STRINGS ${file} found REGEX "^Test\\(")
  foreach(line ${found})
    string(REGEX REPLACE "^Test\\(([a-z0-9_]+), ([a-z0-9_]+).*" "\\1/\\2" id "${line}")
    foreach(launch ${launches})
      string(REGEX REPLACE "^.*:" "" n ${launch})
      set(entry ${name}.${id}.np${n})
      add_test(NAME ${entry} COMMAND ${MPIEXEC_EXECUTABLE} --oversubscribe ${MPIEXEC_NUMPROC_FLAG} ${n}
        $<TARGET_FILE:${name}> -j1 --filter ${id})
      quern_test_properties(${entry} ${label} ${timeout})
      set_tests_properties(${entry} PROPERTIES PROCESSORS ${n})
    endforeach()
  endforeach()
endfunction()

foreach(kind test:fast:600 physics:fast:600 repro:fast:600 slow:slow:3600)
  string(REPLACE ":" ";" kind ${kind})
  list(GET kind 0 prefix)
  list(GET kind 1 label)
  list(GET kind 2 timeout)
  file(GLOB found CONFIGURE_DEPENDS tests/${prefix}_*.c)
  foreach(file ${found})
    quern_add_test(${file} ${label} ${timeout})
  endforeach()
endforeach()

# Only names that begin with qn_ leave the library.
add_test(NAME exported_names COMMAND sh -c
  "! ${CMAKE_NM} -g --defined-only $<TARGET_FILE:quern> 2>/dev/null | awk 'NF == 3 && $3 !~ /^(qn_|[.]gomp_|__asan|__odr_asan)/' | grep .")
quern_test_properties(exported_names fast 30)

find_package(Python3 REQUIRED COMPONENTS Interpreter)
add_test(NAME layers COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/scripts/check_layers.py)
quern_test_properties(layers fast 30)

# The engine once more per vector width; all must print the same digest.
file(GLOB dem_sources CONFIGURE_DEPENDS src/dem/*.c)
set(lane_programs "")
set(lane_widths 0 1)
include(CheckCSourceCompiles)
if(QUERN_NATIVE)
  set(CMAKE_REQUIRED_FLAGS -march=native)
else()
  set(CMAKE_REQUIRED_FLAGS "")
endif()
check_c_source_compiles("#ifndef __AVX2__
#error no
#endif
int main(void) { return 0; }" QUERN_HAS_AVX2)
if(QUERN_HAS_AVX2)
  list(INSERT lane_widths 1 4)
endif()
foreach(lanes ${lane_widths})
  add_executable(lanes_digest_${lanes} tests/lanes_digest.c)
  if(lanes)
    target_sources(lanes_digest_${lanes} PRIVATE ${dem_sources})
    target_compile_definitions(lanes_digest_${lanes} PRIVATE QN_LANES=${lanes})
  endif()
  target_link_libraries(lanes_digest_${lanes} PRIVATE quern quern_flags)
  list(APPEND lane_programs $<TARGET_FILE:lanes_digest_${lanes}>)
endforeach()
add_test(NAME repro_lanes COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/tests/same_output.sh ${lane_programs})
quern_test_properties(repro_lanes fast 120)

# The chemistry's kernel the same way, and on ranks and threads.
set(chem_lane_sources src/chem/batch.c src/chem/coupled.c src/chem/coupled_lanes.c)
set(chem_programs "")
foreach(lanes ${lane_widths})
  add_executable(chem_digest_${lanes} tests/chem_digest.c)
  if(lanes)
    target_sources(chem_digest_${lanes} PRIVATE ${chem_lane_sources})
    target_compile_definitions(chem_digest_${lanes} PRIVATE QN_LANES=${lanes})
  endif()
  target_compile_definitions(chem_digest_${lanes} PRIVATE
    QUERN_SOURCE_DIR="${CMAKE_CURRENT_SOURCE_DIR}")
  target_link_libraries(chem_digest_${lanes} PRIVATE quern quern_flags)
  list(APPEND chem_programs $<TARGET_FILE:chem_digest_${lanes}>)
endforeach()
add_test(NAME repro_chem_lanes COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/tests/same_output.sh
  ${chem_programs})
quern_test_properties(repro_chem_lanes fast 120)
add_test(NAME repro_chem_ranks COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/tests/same_on_ranks.sh
  ${MPIEXEC_EXECUTABLE} ${MPIEXEC_NUMPROC_FLAG} $<TARGET_FILE:chem_digest_0> plain)
quern_test_properties(repro_chem_ranks fast 300)
set_tests_properties(repro_chem_ranks PROPERTIES PROCESSORS 2)

# A replay with a stiff gas the same way.
add_executable(replay_digest tests/replay_digest.c)
target_link_libraries(replay_digest PRIVATE quern quern_flags)
add_test(NAME repro_replay_ranks COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/tests/same_on_ranks.sh
  ${MPIEXEC_EXECUTABLE} ${MPIEXEC_NUMPROC_FLAG} $<TARGET_FILE:replay_digest> plain)
quern_test_properties(repro_replay_ranks fast 300)
set_tests_properties(repro_replay_ranks PROPERTIES PROCESSORS 2)

# The engine on many ranks; all must print the same line.
add_executable(ranks_digest tests/ranks_digest.c)
target_link_libraries(ranks_digest PRIVATE quern quern_flags)
add_test(NAME repro_ranks COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/tests/same_on_ranks.sh
  ${MPIEXEC_EXECUTABLE} ${MPIEXEC_NUMPROC_FLAG} $<TARGET_FILE:ranks_digest>)
quern_test_properties(repro_ranks fast 600)
set_tests_properties(repro_ranks PROPERTIES PROCESSORS 2)

# The benchmark of a step per vector width; built by scripts/bench only.
foreach(lanes 0 4 1)
  add_executable(bench_step_${lanes} EXCLUDE_FROM_ALL tests/bench/bench_step.c)
  if(lanes)
    target_sources(bench_step_${lanes} PRIVATE ${dem_sources})
    target_compile_definitions(bench_step_${lanes} PRIVATE QN_LANES=${lanes})
  endif()
  target_link_libraries(bench_step_${lanes} PRIVATE quern quern_flags)
endforeach()

# The benchmark of the chemistry; built by scripts/bench-chem only.
add_executable(bench_chem EXCLUDE_FROM_ALL tests/bench/bench_chem.c)
target_link_libraries(bench_chem PRIVATE quern quern_flags)
add_executable(bench_petsc EXCLUDE_FROM_ALL tests/bench/bench_petsc.c)
target_include_directories(bench_petsc PRIVATE tests)
target_link_libraries(bench_petsc PRIVATE quern quern_flags)

# What ranks cost; built by scripts/study-ranks only.
add_executable(study_ranks EXCLUDE_FROM_ALL tests/bench/study_ranks.c)
target_link_libraries(study_ranks PRIVATE quern quern_flags)

# The chemistry against Cantera, in the Python that scripts/setup makes. Without it the test fails.
add_executable(chem_probe tests/chem_probe.c)
target_link_libraries(chem_probe PRIVATE quern quern_flags)
add_test(NAME post_spread COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/.venv/bin/python
  ${CMAKE_CURRENT_SOURCE_DIR}/tests/post_spread.py)
quern_test_properties(post_spread fast 60)
add_test(NAME cantera_truth COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/.venv/bin/python
  ${CMAKE_CURRENT_SOURCE_DIR}/tests/cantera_truth.py $<TARGET_FILE:chem_probe>
  $<TARGET_FILE:quern_exe> ${CMAKE_CURRENT_SOURCE_DIR})
quern_test_properties(cantera_truth fast 300)

# The mechanics against LAMMPS; scripts/cross-check installs it. Without it the test fails.
add_executable(cross_probe EXCLUDE_FROM_ALL tests/cross/cross_probe.c)
target_link_libraries(cross_probe PRIVATE quern quern_flags)
add_test(NAME cross_lammps COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/scripts/cross-check --no-setup
  ${CMAKE_CURRENT_BINARY_DIR})
quern_test_properties(cross_lammps slow 3600)
