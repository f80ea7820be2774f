// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/input/jsonlines.h"

#include "tests/fuzz/readinput.h"

using namespace Poolscope;

void fuzz::run(std::string_view bytes)
{
    checkReader(Choices(bytes), [](auto stream) { return std::make_unique<JsonLines>(std::move(stream)); });
}
