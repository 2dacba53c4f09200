set(PLATFORM_SHARED_DIR ${CMAKE_CURRENT_LIST_DIR})
include_directories(${PLATFORM_SHARED_DIR} ${SHARED_DIR}/platform/include)
set(PLATFORM_SHARED_SOURCE ${PLATFORM_SHARED_DIR}/platform.c)

# Rounding and square roots come with the runtime: on 32-bit RISC-V, picolibc 1.8 rounds some
# negative doubles down wrongly.
include(${SHARED_DIR}/platform/common/math/platform_api_math.cmake)
list(APPEND PLATFORM_SHARED_SOURCE ${PLATFORM_COMMON_MATH_SOURCE})
