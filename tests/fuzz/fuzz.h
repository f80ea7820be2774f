// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// What the targets of this folder share. A target is one file that defines fuzz::run(); the harness feeds it
/// either the inputs of libFuzzer or those of its corpus.
namespace fuzz {

/// One input of the target. Returns when all that must hold for it holds.
void run(std::string_view bytes);

/// Ends the program, so that the fuzzer keeps the input that did it.
[[noreturn]] void fail(const char *file, int line, const char *what);

/// The input, taken apart from its front: some of it says how the target is used, the rest is what it reads.
class Choices
{
public:
    explicit Choices(std::string_view bytes) : m_rest(bytes) {}
    /// A number below `end`; 0 when nothing is left.
    std::uint64_t below(std::uint64_t end);
    std::uint64_t word();
    std::string_view rest() const { return m_rest; }

private:
    std::string_view m_rest;
};

/// A file in memory, opened by its path as often as one likes.
class MemoryFile
{
public:
    explicit MemoryFile(std::string_view content);
    ~MemoryFile();
    MemoryFile(const MemoryFile &) = delete;
    MemoryFile &operator=(const MemoryFile &) = delete;

    std::string path() const;
    std::string content() const;

private:
    int m_descriptor;
};

} // namespace fuzz

#define MUST(condition)                                                                                      \
    do {                                                                                                     \
        if (!(condition))                                                                                    \
            fuzz::fail(__FILE__, __LINE__, #condition);                                                      \
    } while (false)
