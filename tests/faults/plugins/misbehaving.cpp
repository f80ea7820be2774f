// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/taskplugin.h"

#include <QObject>

#include <atomic>
#include <cfenv>
#include <chrono>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <future>
#include <iostream>
#include <limits>
#include <map>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

using Poolscope::Arguments;
using Poolscope::TaskError;
using Poolscope::TaskFunction;

namespace {

/// Undefined means: the way has nothing to return, so the item's number is the result.
using Way = QJsonValue (*)();

const QJsonValue nothing = QJsonValue::Undefined;

class OwnException
{
};

class OddException : public std::exception
{
public:
    const char *what() const noexcept override { return "half \xe2\x82 a character"; }
};

[[noreturn]] void sleepForEver()
{
    for (;;)
        pause();
}

[[noreturn]] void loopForEver()
{
    static std::atomic<int> count;
    for (;;)
        ++count;
}

QJsonValue printMegabytes(int megabytes)
{
    const std::string block(std::size_t{1} << 20, 'z');
    for (int i = 0; i < megabytes; ++i) {
        for (std::size_t at = 0; at < block.size();) {
            const ssize_t size = write(1, block.data() + at, block.size() - at);
            if (size > 0)
                at += std::size_t(size);
        }
    }
    return nothing;
}

void writeEverywhere(int last)
{
    const char text[] = "garbage\n";
    for (int descriptor = 0; descriptor <= last; ++descriptor)
        [[maybe_unused]] const ssize_t written = write(descriptor, text, sizeof text - 1);
}

/// Volatile, and used after the call, so that no compiler makes a loop of it.
int overflow(int depth) // NOLINT(misc-no-recursion)
{
    volatile char frame[4096] = {};
    frame[0] = char(depth);
    return depth < 0 ? 0 : overflow(depth + 1) + frame[0];
}

void throwFromNoexcept(const std::function<void()> &function) noexcept
{
    function();
}

const std::map<std::string, Way> ways{
    {"throw_task_error", []() -> QJsonValue { throw TaskError(QStringLiteral("Own"), QString()); }},
    {"throw_std", []() -> QJsonValue { throw std::out_of_range("too far"); }},
    {"throw_bad_alloc",
     []() -> QJsonValue {
         return double(std::vector<double>(std::numeric_limits<std::ptrdiff_t>::max() / 16).size());
     }},
    {"throw_int", []() -> QJsonValue { throw 5; }},
    {"throw_text", []() -> QJsonValue { throw "text"; }},
    {"throw_own_class", []() -> QJsonValue { throw OwnException(); }},
    {"throw_null", []() -> QJsonValue { throw std::exception_ptr(); }},
    {"throw_odd_text", []() -> QJsonValue { throw OddException(); }},
    {"throw_long_text", []() -> QJsonValue { throw std::runtime_error(std::string(5'000'000, 'l')); }},
    {"throw_nested",
     []() -> QJsonValue {
         try {
             throw std::runtime_error("inner");
         } catch (...) {
             std::throw_with_nested(std::logic_error("outer"));
         }
     }},
    {"throw_empty_function", []() -> QJsonValue { return std::function<int()>()(); }},
    {"throw_from_future",
     []() -> QJsonValue {
         return std::async(std::launch::async, []() -> int { throw std::domain_error("there"); }).get();
     }},

    {"return_undefined", [] { return QJsonValue(QJsonArray{QJsonValue(QJsonValue::Undefined)}); }},
    {"return_nan",
     [] {
         return QJsonValue(QJsonArray{1, std::numeric_limits<double>::quiet_NaN()});
     }},
    {"return_infinity", [] { return QJsonValue(-std::numeric_limits<double>::infinity()); }},
    {"return_half_pair", [] { return QJsonValue(QString(QChar(0xd800))); }},
    {"return_deep",
     [] {
         QJsonValue value(1);
         for (int i = 0; i < 1000; ++i)
             value = QJsonArray{value};
         return value;
     }},
    {"return_64_mb", [] { return QJsonValue(QString(64 << 20, QLatin1Char('x'))); }},

    {"print_half_utf8",
     [] {
         [[maybe_unused]] const ssize_t written = write(1, "\xe2\x82", 2);
         return nothing;
     }},
    {"print_garbage",
     [] {
         writeEverywhere(2);
         std::printf("left in the buffer");
         std::cout << "and here";
         return nothing;
     }},
    {"print_100_mb", [] { return printMegabytes(100); }},
    {"read_stdin",
     [] {
         char byte = 0;
         return QJsonValue(int(read(0, &byte, 1)));
     }},
    {"close_012",
     [] {
         close(0);
         close(1);
         close(2);
         return nothing;
     }},
    {"close_stdout",
     [] {
         std::fclose(stdout);
         std::cout << "to nowhere" << std::endl;
         return nothing;
     }},
    {"write_to_closed_pipe",
     [] {
         int ends[2];
         if (pipe(ends) != 0)
             return nothing;
         close(ends[0]);
         [[maybe_unused]] const ssize_t written = write(ends[1], "x", 1);
         close(ends[1]);
         return nothing;
     }},
    {"stdout_full",
     [] {
         const int full = open("/dev/full", O_WRONLY);
         dup2(full, 1);
         close(full);
         std::printf("left in the buffer");
         return nothing;
     }},

    {"fork_and_return_twice",
     [] {
         [[maybe_unused]] const pid_t child = fork();
         return nothing;
     }},
    {"fork_and_throw",
     [] {
         if (fork() == 0)
             throw std::runtime_error("in the copy");
         return nothing;
     }},
    {"fork_and_exit",
     [] {
         const pid_t child = fork();
         if (child == 0)
             std::exit(3);
         waitpid(child, nullptr, 0);
         return nothing;
     }},
    {"fork_child_stays",
     [] {
         if (fork() == 0)
             sleepForEver();
         return nothing;
     }},
    {"thread_outlives",
     [] {
         std::thread([] {
             for (;;) {
                 std::fputs("chatter\n", stdout);
                 std::this_thread::sleep_for(std::chrono::milliseconds(1));
             }
         }).detach();
         return nothing;
     }},
    {"exit_handler_never_ends",
     [] {
         std::atexit(sleepForEver);
         return nothing;
     }},
    {"change_environment",
     [] {
         setenv("TZ", "Nowhere/Else", 1);
         setenv("LC_ALL", "de_DE", 1);
         clearenv();
         return nothing;
     }},
    {"change_locale",
     [] {
         for (const char *name : {"de_DE.UTF-8", "de_DE", "C"})
             if (std::setlocale(LC_ALL, name) != nullptr)
                 break;
         return nothing;
     }},
    {"change_rounding",
     [] {
         std::fesetround(FE_UPWARD);
         return nothing;
     }},
    {"change_folder",
     [] {
         [[maybe_unused]] const int changed = chdir("/");
         umask(0777);
         return nothing;
     }},
    {"ignore_signals",
     [] {
         for (int number = 1; number < NSIG; ++number)
             std::signal(number, SIG_IGN);
         return nothing;
     }},
    {"block_signals",
     [] {
         sigset_t all;
         sigfillset(&all);
         pthread_sigmask(SIG_SETMASK, &all, nullptr);
         return nothing;
     }},
    {"busy_timer",
     [] {
         struct sigaction action = {};
         action.sa_handler = [](int) {};
         sigaction(SIGALRM, &action, nullptr);
         const itimerval often{{0, 2000}, {0, 2000}};
         setitimer(ITIMER_REAL, &often, nullptr);
         return nothing;
     }},
    {"limit_descriptors",
     [] {
         const rlimit few{16, 16};
         setrlimit(RLIMIT_NOFILE, &few);
         return nothing;
     }},
    {"limit_file_size",
     [] {
         const rlimit little{1 << 20, 1 << 20};
         setrlimit(RLIMIT_FSIZE, &little);
         return nothing;
     }},
    {"exhaust_memory",
     []() -> QJsonValue {
         rlimit before{};
         getrlimit(RLIMIT_AS, &before);
         const rlimit little{rlim_t{1} << 29, before.rlim_max};
         setrlimit(RLIMIT_AS, &little);
         try {
             std::vector<std::string> hoard;
             for (;;)
                 hoard.emplace_back(std::size_t{1} << 20, 'm');
         } catch (...) {
             setrlimit(RLIMIT_AS, &before);
             throw;
         }
     }},
    {"be_nice",
     [] {
         [[maybe_unused]] const int priority = nice(5);
         return nothing;
     }},

    {"exit_with_handlers",
     []() -> QJsonValue {
         std::atexit([] { std::fputs("handler ran\n", stderr); });
         std::exit(3);
     }},
    {"exit_0", []() -> QJsonValue { std::exit(0); }},
    {"quick_exit", []() -> QJsonValue { std::quick_exit(4); }},
    {"underscore_exit", []() -> QJsonValue { _exit(255); }},
    {"thread_exit", []() -> QJsonValue { pthread_exit(nullptr); }},
    {"abort", []() -> QJsonValue { std::abort(); }},
    {"terminate", []() -> QJsonValue { std::terminate(); }},
    {"throw_through_noexcept",
     [] {
         throwFromNoexcept([] { throw std::runtime_error("through noexcept"); });
         return nothing;
     }},
    {"throw_in_thread",
     []() -> QJsonValue {
         std::thread([] { throw std::runtime_error("in a thread"); }).detach();
         sleepForEver();
     }},
    {"forget_thread",
     [] {
         const std::thread thread(sleepForEver);
         return nothing;
     }},
    {"fatal_message", []() -> QJsonValue { qFatal("this is fatal"); }},
    {"pure_trap", []() -> QJsonValue { __builtin_trap(); }},
    {"null_pointer",
     [] {
         volatile int *const nowhere = nullptr;
         *nowhere = 5;
         return nothing;
     }},
    {"overflow_stack", [] { return QJsonValue(overflow(0)); }},
    {"overflow_on_own_stack",
     [] {
         // A handler that returns runs into the same fault again, on a stack of its own that is too small
         // too.
         static char stack[1 << 16];
         const stack_t own{stack, 0, sizeof stack};
         sigaltstack(&own, nullptr);
         struct sigaction action = {};
         action.sa_handler = [](int) { overflow(0); };
         action.sa_flags = SA_ONSTACK;
         sigaction(SIGSEGV, &action, nullptr);
         return QJsonValue(overflow(0));
     }},
    {"return_very_deep",
     [] {
         QJsonValue value(1);
         for (int i = 0; i < 100'000; ++i)
             value = QJsonArray{value};
         return value;
     }},
    {"become_other_program",
     [] {
         execl("/bin/sh", "sh", "-c", "exit 23", nullptr);
         return nothing;
     }},
    {"kill_group",
     [] {
         kill(0, SIGKILL);
         return nothing;
     }},
    {"use_up_processor_time",
     []() -> QJsonValue {
         rusage used{};
         getrusage(RUSAGE_SELF, &used);
         const rlimit little{rlim_t(used.ru_utime.tv_sec + used.ru_stime.tv_sec + 1), RLIM_INFINITY};
         setrlimit(RLIMIT_CPU, &little);
         loopForEver();
     }},
    {"close_0_to_255",
     [] {
         for (int descriptor = 0; descriptor < 256; ++descriptor)
             close(descriptor);
         return nothing;
     }},
    {"write_garbage_everywhere",
     [] {
         writeEverywhere(255);
         return nothing;
     }},

    {"sleep_for_ever", []() -> QJsonValue { sleepForEver(); }},
    {"ignore_sigterm",
     []() -> QJsonValue {
         std::signal(SIGTERM, SIG_IGN);
         sleepForEver();
     }},
    {"loop_for_ever", []() -> QJsonValue { loopForEver(); }},
    {"stop_itself",
     [] {
         std::raise(SIGSTOP);
         return nothing;
     }},
    {"sleep_as_other_program",
     [] {
         std::signal(SIGTERM, SIG_IGN);
         execl("/bin/sleep", "sleep", "1000000", nullptr);
         return nothing;
     }},
};

void note(int number)
{
    static const char *const path = std::getenv("FAULTS_NOTES");
    const int file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    const std::string line = std::to_string(number) + '\n';
    [[maybe_unused]] const ssize_t written = write(file, line.data(), line.size());
    close(file);
}

QJsonValue work(Arguments arguments)
{
    const int number = arguments[0].toInt();
    note(number);
    // A few items are long enough to be met in the middle.
    if (number % 40 == 0)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return number * 2;
}

QJsonValue behave(Arguments arguments)
{
    const std::string name = arguments[0].toString().toStdString();
    note(arguments[1].toInt());
    if (name.starts_with("signal_"))
        std::raise(std::stoi(name.substr(7)));
    if (name == "end_of_worker")
        _exit(99);
    if (name == "fine" || name.starts_with("signal_"))
        return arguments[1];
    const QJsonValue result = ways.at(name)();
    return result.isUndefined() ? arguments[1] : result;
}

} // namespace

class Misbehaving final : public QObject, public Poolscope::TaskPlugin
{
    Q_OBJECT
    Q_PLUGIN_METADATA(IID PoolscopeTaskPlugin_iid FILE "misbehaving.json")
    Q_INTERFACES(Poolscope::TaskPlugin)
public:
    TaskFunction function(const QString &name, const QJsonObject &) override
    {
        if (name == QLatin1String("behave"))
            return behave;
        if (name == QLatin1String("work"))
            return work;
        return [](Arguments arguments) {
            const QJsonArray both = arguments[0].toArray();
            const QJsonValue values[] = {both[0], both[1]};
            return behave(values);
        };
    }
};

#include "misbehaving.moc"
