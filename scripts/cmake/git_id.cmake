# Write OUT with the commit of DIR ("unknown" outside a repository), touching it only on a change.
cmake_minimum_required(VERSION 3.25)
execute_process(COMMAND git -C ${DIR} describe --always --dirty --abbrev=12
  OUTPUT_VARIABLE id ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
if(failed OR id STREQUAL "")
  set(id unknown)
endif()
file(CONFIGURE OUTPUT ${OUT} CONTENT "#pragma once\n#define QN_BUILD_GIT \"${id}\"\n")
