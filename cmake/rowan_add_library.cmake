# SPDX-License-Identifier: Apache-2.0

# rowan_add_library(<folder> [LINK <target>...] [DEFINE <definition>...])
#
# Makes rowan_<folder>, alias rowan::<folder>, of every .cpp in the current folder and below it;
# main.cpp is a program and stays out. LINK edges are public and are the only layers that the
# folder may include (.ci/check_layers compares them with its table). DEFINE is private. A folder
# of headers alone becomes an interface library.
function(rowan_add_library folder)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LINK;DEFINE")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS *.cpp)
  list(REMOVE_ITEM sources ${CMAKE_CURRENT_SOURCE_DIR}/main.cpp)

  set(target rowan_${folder})
  if(sources)
    add_library(${target} STATIC ${sources})
    target_compile_definitions(${target} PRIVATE ${arg_DEFINE})
    set(scope PUBLIC)
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  add_library(rowan::${folder} ALIAS ${target})
  target_include_directories(${target} ${scope} ${PROJECT_SOURCE_DIR})
  target_link_libraries(${target} ${scope} ${arg_LINK})
endfunction()
