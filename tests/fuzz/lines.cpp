// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/input/textlines.h"
#include "tests/fuzz/readinput.h"

using namespace Poolscope;

void fuzz::run(std::string_view bytes)
{
    Choices choices(bytes);
    const auto type = ItemType(choices.below(3));
    checkReader(choices,
                [type](auto stream) { return std::make_unique<TextLines>(std::move(stream), type); });
}
