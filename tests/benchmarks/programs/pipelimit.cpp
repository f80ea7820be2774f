// SPDX-License-Identifier: GPL-3.0-or-later
// What pipes allow: two processes that square numbers, so many frames on their way to each, and nothing else.
// No order, no records, no clocks, no worker that may die. With one process and one frame: a round trip.
#include "report.h"

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

// As many bytes as a pipe holds.
constexpr std::size_t readSize = 65536;

[[noreturn]] void fail(const char *what)
{
    std::perror(what);
    std::_Exit(1);
}

void writeAll(int descriptor, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0)
            fail("write");
        bytes.remove_prefix(std::size_t(written));
    }
}

void appendFrame(std::string &out, std::string_view payload)
{
    const auto length = std::uint32_t(payload.size());
    char header[sizeof length];
    std::memcpy(header, &length, sizeof length);
    out.append(header, sizeof header).append(payload);
}

/// Frames from a pipe, whatever the pieces they arrive in.
class FrameReader
{
public:
    explicit FrameReader(int descriptor) : m_descriptor(descriptor) {}

    /// Reads once; false at the end.
    bool fill()
    {
        m_bytes.erase(0, m_position);
        m_position = 0;
        const std::size_t held = m_bytes.size();
        m_bytes.resize(held + readSize);
        const ssize_t got = ::read(m_descriptor, m_bytes.data() + held, readSize);
        if (got < 0)
            fail("read");
        m_bytes.resize(held + std::size_t(got));
        return got > 0;
    }

    bool next(std::string_view &payload)
    {
        std::uint32_t length = 0;
        const std::string_view rest = std::string_view(m_bytes).substr(m_position);
        if (rest.size() < sizeof length)
            return false;
        std::memcpy(&length, rest.data(), sizeof length);
        if (rest.size() < sizeof length + length)
            return false;
        payload = rest.substr(sizeof length, length);
        m_position += sizeof length + length;
        return true;
    }

private:
    int m_descriptor;
    std::string m_bytes;
    std::size_t m_position = 0;
};

[[noreturn]] void square(int in, int out)
{
    FrameReader frames(in);
    std::string replies;
    while (frames.fill()) {
        replies.clear();
        for (std::string_view item; frames.next(item);) {
            std::int64_t number = 0;
            std::from_chars(item.data(), item.data() + item.size(), number);
            char value[24];
            const auto end = std::to_chars(value, value + sizeof value, number * number).ptr;
            appendFrame(replies, {value, std::size_t(end - value)});
        }
        writeAll(out, replies);
    }
    std::_Exit(0);
}

struct Child
{
    int in;
    FrameReader frames;
    int inFlight = 0;
    std::string pending;
};

Child startChild(const std::vector<Child> &before, std::vector<pollfd> &polled)
{
    int toChild[2];
    int fromChild[2];
    if (::pipe(toChild) != 0 || ::pipe(fromChild) != 0)
        fail("pipe");
    const pid_t pid = ::fork();
    if (pid < 0)
        fail("fork");
    if (pid == 0) {
        ::close(toChild[1]);
        ::close(fromChild[0]);
        // An end that stays open here would keep a neighbour from seeing its end.
        for (const Child &child : before)
            ::close(child.in);
        square(toChild[0], fromChild[1]);
    }
    ::close(toChild[0]);
    ::close(fromChild[1]);
    polled.push_back({fromChild[0], POLLIN, 0});
    return Child{toChild[1], FrameReader(fromChild[0]), 0, {}};
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 6) {
        std::cerr << "usage: benchmark_pipelimit PROCESSES FRAMES INPUT OUTPUT REPORT\n";
        return 2;
    }
    const int frames = std::atoi(argv[2]);
    std::vector<pollfd> polled;
    std::vector<Child> children;
    for (int i = 0; i < std::atoi(argv[1]); ++i)
        children.push_back(startChild(children, polled));

    std::ifstream input(argv[3]);
    std::ofstream output(argv[4]);
    const Report report;
    std::string line;
    const auto refill = [&](Child &child) {
        child.pending.clear();
        while (child.inFlight < frames && std::getline(input, line)) {
            appendFrame(child.pending, line);
            ++child.inFlight;
        }
        writeAll(child.in, child.pending);
    };
    int working = 0;
    for (Child &child : children) {
        refill(child);
        working += child.inFlight > 0;
    }
    while (working > 0) {
        if (::poll(polled.data(), polled.size(), -1) < 0)
            fail("poll");
        for (std::size_t i = 0; i < children.size(); ++i) {
            Child &child = children[i];
            if (polled[i].revents == 0)
                continue;
            if (!child.frames.fill())
                fail("a child ended");
            for (std::string_view value; child.frames.next(value); --child.inFlight)
                output << value << '\n';
            refill(child);
            working -= child.inFlight == 0;
        }
    }
    output.close();
    report.write(argv[5]);
    for (const Child &child : children)
        ::close(child.in);
    while (::wait(nullptr) > 0) {
    }
    return output ? 0 : 1;
}
