// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a program, and writes what it took. Small itself: what a process is said to have had in memory at most
// includes what the one that started it had.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    if (argc < 3) {
        std::cerr << "usage: benchmark_measure FILE PROGRAM [ARGUMENT...]\n";
        return 2;
    }
    const auto began = std::chrono::steady_clock::now();
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::execvp(argv[2], argv + 2);
        std::perror(argv[2]);
        std::_Exit(127);
    }
    int status = 0;
    rusage usage{};
    if (pid < 0 || ::wait4(pid, &status, 0, &usage) != pid) {
        std::perror("benchmark_measure");
        return 1;
    }
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - began;
    const auto seconds = [](const timeval &time) {
        return double(time.tv_sec) + double(time.tv_usec) * 1e-6;
    };
    std::ofstream(argv[1]) << "{\"wall\":" << wall.count()
                           << ",\"cpu\":" << seconds(usage.ru_utime) + seconds(usage.ru_stime)
                           << ",\"peak\":" << usage.ru_maxrss * 1024 << "}\n";
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
