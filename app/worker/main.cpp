// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/worker/bareloop.h"
#include "app/worker/channel.h"
#include "app/worker/channelguard.h"
#include "app/worker/descriptors.h"
#include "app/worker/forkedcopy.h"
#include "app/worker/inbox.h"
#include "app/worker/runner.h"
#include "app/worker/taskoutput.h"

#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string_view>

namespace {

struct Options
{
    std::optional<int> recorder;
    std::optional<int> taskOutput;
    // Without a pool; both or neither.
    std::optional<int> items;
    std::optional<int> sheet;
};

/// \returns nothing when the command line makes no sense
std::optional<Options> parse(int argc, char **argv)
{
    Options options;
    for (int i = 1; i < argc; i += 2) {
        const std::string_view name = argv[i];
        int value = -1;
        const char *text = i + 1 < argc ? argv[i + 1] : "";
        const char *end = text + std::strlen(text);
        if (std::from_chars(text, end, value).ptr != end || value < 3)
            return std::nullopt;
        if (name == "--recorder-fd")
            options.recorder = value;
        else if (name == "--stdout-fd")
            options.taskOutput = value;
        else if (name == "--items-fd")
            options.items = value;
        else if (name == "--sheet-fd")
            options.sheet = value;
        else
            return std::nullopt;
    }
    return options.items.has_value() == options.sheet.has_value() ? std::optional(options) : std::nullopt;
}

} // namespace

int main(int argc, char **argv)
{
    using namespace Poolscope::Worker;

    const std::optional<Options> options = parse(argc, argv);
    if (!options) {
        std::fputs("usage: poolscope-worker [--recorder-fd N] [--stdout-fd N] [--items-fd N --sheet-fd N]\n"
                   "Poolscope starts this program; there is no reason to start it by hand.\n",
                   stderr);
        return 2;
    }
    const Descriptors descriptors = takeDescriptors(options->taskOutput.value_or(-1));
    const RecorderMemory memory = options->recorder ? mapRecorder(*options->recorder) : RecorderMemory{};

    // Ctrl-C in a terminal reaches the whole group; what happens then is the parent's decision.
    std::signal(SIGINT, SIG_IGN);
    std::signal(SIGPIPE, SIG_IGN);
    if (options->items)
        runBare(descriptors, *options->items, *options->sheet);

    const int wake = makeWakeDescriptor();
    const int timer = makeTimerDescriptor();
    watchForks(descriptors, wake, timer);
    Channel channel(descriptors.out, wake);
    if (options->recorder && (!memory.address || !channel.attachRecorder(memory.address, memory.size)))
        endBroken("the memory named by --recorder-fd is no recorder");

    Inbox inbox(descriptors, timer, channel);
    TaskOutput output(descriptors);
    Runner runner(channel, inbox, output);
    const ChannelGuard guard(descriptors, wake, timer, channel, inbox);
    return runner.run();
}
