// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/input/tablerows.h"
#include "tests/fuzz/readinput.h"

using namespace Poolscope;

void fuzz::run(std::string_view bytes)
{
    Choices choices(bytes);
    const char separator = choices.below(2) == 0 ? ',' : '\t';
    const InputOptions options{ItemType(choices.below(3)), choices.below(2) == 1};
    checkReader(choices, [separator, &options](auto stream) {
        return std::make_unique<TableRows>(std::move(stream), separator, options);
    });
}
