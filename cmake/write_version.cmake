# SPDX-License-Identifier: Apache-2.0
# cmake -D SOURCE_DIR=.. -D VERSION=.. -D TEMPLATE=.. -D OUTPUT=.. -P write_version.cmake

set(REVISION unknown)
find_program(GIT git)
# .git is a folder in a clone and a file in a worktree; without it, git would describe whatever
# repository the sources happen to lie in.
if(GIT AND EXISTS ${SOURCE_DIR}/.git)
  execute_process(
    COMMAND ${GIT} --no-optional-locks -C ${SOURCE_DIR} describe --always --dirty
    OUTPUT_VARIABLE described OUTPUT_STRIP_TRAILING_WHITESPACE
    RESULT_VARIABLE failed ERROR_QUIET)
  if(NOT failed AND described)
    set(REVISION ${described})
  endif()
endif()
configure_file(${TEMPLATE} ${OUTPUT} @ONLY)
