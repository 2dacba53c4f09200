# Compiles WebAssembly modules into .aot files, and embeds these in C programs.
#
#   find_package(Wasmelt CONFIG REQUIRED)
#
#   wasmelt_add_aot(<name>
#     WASM <file>             module, or a target that makes one
#     [OUTPUT <file>]         by default <name>.aot in the current binary folder
#     [TARGET <target>]       --target=
#     [ABI <abi>]             --target-abi=
#     [CPU <cpu>]             --cpu=
#     [FEATURES <item>...]    --cpu-features=, such as +dsp -fp64
#     [OPT_LEVEL <level>]     --opt-level=
#     [XIP]                   --xip
#     [OPTIONS <option>...]   further options
#     [EMBED C|OBJECT]        make a library that holds the file: as a C array, or included by the assembler; the
#                             project needs the language C or ASM
#     [SYMBOL <symbol>]       name of the array; by default <name>_aot
#     [SECTION <section>])    section of the array
#
# Without EMBED, <name> is a target that is always built; its property WASMELT_AOT_FILE is the file's path. With
# EMBED, <name> is a library. Programs that link it include "<symbol>.h", which declares <symbol> and
# <symbol>_size.
cmake_minimum_required(VERSION 3.20)

if(NOT WASMELT_EXECUTABLE)
  # A tool of the build machine, whatever the toolchain file is for.
  find_program(WASMELT_EXECUTABLE wasmelt
    HINTS "${CMAKE_CURRENT_LIST_DIR}/../../../bin"
    NO_CMAKE_FIND_ROOT_PATH
    DOC "The wasmelt command")
endif()
if(NOT WASMELT_EXECUTABLE)
  set(Wasmelt_FOUND FALSE)
  set(Wasmelt_NOT_FOUND_MESSAGE "the command wasmelt is not on the search path; WASMELT_EXECUTABLE may name it")
  return()
endif()
get_filename_component(WASMELT_EXECUTABLE "${WASMELT_EXECUTABLE}" ABSOLUTE BASE_DIR "${CMAKE_SOURCE_DIR}")
if(NOT TARGET Wasmelt::wasmelt)
  add_executable(Wasmelt::wasmelt IMPORTED GLOBAL)
  set_property(TARGET Wasmelt::wasmelt PROPERTY IMPORTED_LOCATION "${WASMELT_EXECUTABLE}")
endif()

function(wasmelt_add_aot name)
  cmake_parse_arguments(PARSE_ARGV 1 arg
    "XIP"
    "WASM;OUTPUT;TARGET;ABI;CPU;OPT_LEVEL;EMBED;SYMBOL;SECTION"
    "FEATURES;OPTIONS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "wasmelt_add_aot(${name}): unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  # A variable that is empty by mistake would choose another target in silence.
  if(arg_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "wasmelt_add_aot(${name}): these have no value: ${arg_KEYWORDS_MISSING_VALUES}")
  endif()
  if(NOT arg_WASM)
    message(FATAL_ERROR "wasmelt_add_aot(${name}): WASM is missing")
  endif()
  if(arg_EMBED AND NOT arg_EMBED MATCHES "^(C|OBJECT)$")
    message(FATAL_ERROR "wasmelt_add_aot(${name}): EMBED is C or OBJECT, not ${arg_EMBED}")
  endif()
  if(NOT arg_EMBED AND (arg_SYMBOL OR arg_SECTION))
    message(FATAL_ERROR "wasmelt_add_aot(${name}): SYMBOL and SECTION need EMBED")
  endif()

  if(TARGET ${arg_WASM})
    set(module "$<TARGET_FILE:${arg_WASM}>")
    set(depends ${arg_WASM})
  else()
    get_filename_component(module "${arg_WASM}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
    set(depends "${module}")
  endif()
  if(NOT arg_OUTPUT)
    set(arg_OUTPUT "${name}.aot")
  endif()
  get_filename_component(output "${arg_OUTPUT}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_BINARY_DIR}")

  get_filename_component(output_folder "${output}" DIRECTORY)
  file(MAKE_DIRECTORY "${output_folder}")

  set(options ${arg_OPTIONS})
  foreach(pair "TARGET;--target" "ABI;--target-abi" "CPU;--cpu" "OPT_LEVEL;--opt-level")
    list(GET pair 0 argument)
    list(GET pair 1 option)
    if(arg_${argument})
      list(APPEND options "${option}=${arg_${argument}}")
    endif()
  endforeach()
  if(arg_FEATURES)
    list(JOIN arg_FEATURES "," features)
    list(APPEND options "--cpu-features=${features}")
  endif()
  if(arg_XIP)
    list(APPEND options "--xip")
  endif()

  # Not every generator reads dependencies from a file. For Make, CMake writes rules that no path with a space
  # survives, so it gets the file only if options may name further files.
  set(depfile)
  if(CMAKE_GENERATOR MATCHES "Ninja" OR (CMAKE_GENERATOR MATCHES "Makefiles" AND arg_OPTIONS))
    set(depfile DEPFILE "${output}.d")
    list(APPEND options "--depfile=${output}.d")
  endif()
  add_custom_command(
    OUTPUT "${output}"
    COMMAND Wasmelt::wasmelt ${options} -o "${output}" "${module}"
    DEPENDS ${depends} "${WASMELT_EXECUTABLE}"
    ${depfile}
    COMMENT "Compiling ${arg_OUTPUT}"
    COMMAND_EXPAND_LISTS
    VERBATIM)

  if(NOT arg_EMBED)
    add_custom_target(${name} ALL DEPENDS "${output}")
    set_property(TARGET ${name} PROPERTY WASMELT_AOT_FILE "${output}")
    return()
  endif()

  if(NOT arg_SYMBOL)
    string(MAKE_C_IDENTIFIER "${name}_aot" arg_SYMBOL)
  endif()
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/${name}.embed")
  file(MAKE_DIRECTORY "${folder}")
  if(arg_EMBED STREQUAL "C")
    set(source "${folder}/${arg_SYMBOL}.c")
    set(language C)
  else()
    set(source "${folder}/${arg_SYMBOL}.S")
    set(language ASM)
  endif()
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  if(NOT language IN_LIST languages)
    message(FATAL_ERROR
      "wasmelt_add_aot(${name}): EMBED ${arg_EMBED} needs the language ${language}: name it in project(), "
      "as in project(${PROJECT_NAME} LANGUAGES C ASM)")
  endif()
  set(section)
  if(arg_SECTION)
    set(section "--section=${arg_SECTION}")
  endif()
  add_custom_command(
    OUTPUT "${source}" "${folder}/${arg_SYMBOL}.h"
    COMMAND Wasmelt::wasmelt embed "--symbol=${arg_SYMBOL}" ${section}
      "--header=${folder}/${arg_SYMBOL}.h" -o "${source}" "${output}"
    DEPENDS "${output}" "${WASMELT_EXECUTABLE}"
    COMMENT "Embedding ${arg_OUTPUT}"
    VERBATIM)
  add_library(${name} STATIC "${source}" "${folder}/${arg_SYMBOL}.h")
  # The assembler reads the file, not the source that names it.
  set_property(SOURCE "${source}" PROPERTY OBJECT_DEPENDS "${output}")
  target_include_directories(${name} PUBLIC "${folder}")
  set_property(TARGET ${name} PROPERTY WASMELT_AOT_FILE "${output}")
endfunction()
