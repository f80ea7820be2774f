// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <fstream>

/// Seconds from now to the call of write(), for the benchmark to read.
class Report
{
public:
    void write(const char *path) const
    {
        const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - m_began;
        std::ofstream(path) << "{\"elapsed\":" << elapsed.count() << "}\n";
    }

private:
    std::chrono::steady_clock::time_point m_began = std::chrono::steady_clock::now();
};
