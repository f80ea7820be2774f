# What a build with sanitizers adds to the environment of every test (poolscope_test_environment), and what it
# scales down so that the suite ends in bearable time.
set(poolscope_test_environment)
if(NOT POOLSCOPE_SANITIZE)
    return()
endif()

# A deadly signal must reach who is meant: tasks die of them on purpose, and the tests look at which one it was.
set(signals handle_segv=0 handle_sigbus=0 handle_sigfpe=0 handle_sigill=0 handle_abort=0)

# A finding ends its process by SIGABRT: an exit code of 1 would be that of a run in which items failed.
set(asan ${signals} abort_on_error=1 use_sigaltstack=0
    # Workers are many and small.
    quarantine_size_mb=16 malloc_context_size=12
    # Leaks are not looked for yet: Qt's own have not been told apart from ours.
    detect_leaks=0)
set(ubsan ${signals} abort_on_error=1 print_stacktrace=1)
set(tsan ${signals} halt_on_error=1 second_deadlock_stack=1
    # Not abort_on_error: Qt Test answers SIGABRT by a fork, for which the sanitizer waits for ever.
    exitcode=66
    # Processes are started by fork() in a program with threads.
    die_after_fork=0
    # What Qt and GLib do among themselves: they were not built with it, so it does not see the atomics and futexes
    # by which their threads hand things on to each other.
    ignore_noninstrumented_modules=1)
# The preset leaves out tst_cpythonpool and tst_jobinput. In a function of each the sanitizer loses sight of the engine's
# thread, whose writes it then does not know either: it takes what the callback thread reads or lets go of for what the
# main thread had made before. An order told to it by hand between main and engine thread changes nothing.

foreach(sanitizer IN ITEMS asan ubsan tsan)
    string(TOUPPER "${sanitizer}_OPTIONS" variable)
    list(JOIN ${sanitizer} : options)
    list(APPEND poolscope_test_environment "${variable}=${options}")
endforeach()

set(scaled
    POOLSCOPE_CONFORMANCE_CASES=120 # of 640
    POOLSCOPE_RESUME_KILLS=16       # of 50
    POOLSCOPE_CHAOS_ITEMS=4000      # of 20,000
    POOLSCOPE_CHAOS_KILLS=60        # of 500
    FAULTS_COMBINATIONS=3)          # of up to 20 methods with sizes
list(APPEND poolscope_test_environment ${scaled} "POOLSCOPE_SANITIZE=${POOLSCOPE_SANITIZE}")
list(JOIN scaled " " scaled)
message(STATUS "Tests are scaled down under sanitizers: ${scaled}")
