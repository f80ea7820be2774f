// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/wire/outputmark.h"

#include "tests/fuzz/fuzz.h"

using namespace Poolscope::Wire;

namespace {

const std::string token = "0123456789abcdef0123456789abcdef";

/// What was printed with its marks put back in, or left out.
struct Reading
{
    std::string whole;
    std::string text;
};

Reading read(std::string_view bytes, std::size_t cut)
{
    Reading reading;
    OutputSplitter splitter(token);
    const auto take = [&reading](const OutputSplitter::Part &part) {
        reading.text += part.text;
        reading.whole += part.text;
        if (part.isMarked)
            reading.whole += outputMark(token, part.item);
    };
    splitter.feed(bytes.substr(0, cut), take);
    splitter.feed(bytes.substr(cut), take);
    splitter.finish(take);
    return reading;
}

} // namespace

/// Nothing of what a task prints is lost or changed, however it comes, and no mark is left in it.
void fuzz::run(std::string_view bytes)
{
    Choices choices(bytes);
    const std::size_t cut = choices.below(choices.rest().size() + 1);
    const std::string printed(choices.rest());
    const Reading reading = read(printed, std::min(cut, printed.size()));
    MUST(reading.whole == printed);
    MUST(reading.text == read(printed, printed.size()).text);
}
