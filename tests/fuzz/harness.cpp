// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/fuzz.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>

namespace fuzz {

void fail(const char *file, int line, const char *what)
{
    std::fprintf(stderr, "%s:%d: this must hold and does not: %s\n", file, line, what);
    std::abort();
}

std::uint64_t Choices::below(std::uint64_t end)
{
    if (m_rest.empty())
        return 0;
    const auto chosen = static_cast<unsigned char>(m_rest.front());
    m_rest.remove_prefix(1);
    return chosen % end;
}

std::uint64_t Choices::word()
{
    std::uint64_t value = 0;
    const std::size_t size = std::min(sizeof value, m_rest.size());
    std::memcpy(&value, m_rest.data(), size);
    m_rest.remove_prefix(size);
    return value;
}

MemoryFile::MemoryFile(std::string_view content) : m_descriptor(memfd_create("fuzz", MFD_CLOEXEC))
{
    MUST(m_descriptor >= 0);
    MUST(write(m_descriptor, content.data(), content.size()) == ssize_t(content.size()));
}

MemoryFile::~MemoryFile()
{
    close(m_descriptor);
}

std::string MemoryFile::path() const
{
    return "/proc/self/fd/" + std::to_string(m_descriptor);
}

std::string MemoryFile::content() const
{
    std::ifstream file(path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace fuzz

#ifdef POOLSCOPE_FUZZ

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    fuzz::run({reinterpret_cast<const char *>(bytes), size});
    return 0;
}

#else

/// Runs every file of the folders given.
int main(int count, char *arguments[])
{
    std::vector<std::filesystem::path> files;
    for (int i = 1; i < count; ++i)
        std::copy(std::filesystem::directory_iterator(arguments[i]), {}, std::back_inserter(files));
    std::sort(files.begin(), files.end());
    for (const std::filesystem::path &path : files) {
        std::fprintf(stderr, "%s\n", path.c_str());
        std::ifstream file(path, std::ios::binary);
        // Exactly as large as the input, so that a read past its end is seen.
        const std::vector<char> bytes(std::istreambuf_iterator<char>(file), {});
        fuzz::run({bytes.data(), bytes.size()});
    }
    std::fprintf(stderr, "%zu inputs\n", files.size());
    // A corpus that is not found proves nothing.
    return files.empty() ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
