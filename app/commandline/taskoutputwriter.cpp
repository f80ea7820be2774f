// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commandline/taskoutputwriter.h"

#include "core/pool/valuetraits.h"

#include <utility>

namespace Poolscope {

bool TaskOutputWriter::print(std::span<const LogLine> lines)
{
    bool good = true;
    for (const LogLine &line : lines) {
        std::string &out = m_file.lines();
        out.append("{\"index\":").append(line.item ? std::to_string(*line.item) : "null");
        out.append(",\"stream\":\"").append(line.stream == OutputStream::Stdout ? "stdout" : "stderr");
        out.append("\",\"text\":");
        // What is no UTF-8 becomes U+FFFD, as everywhere that people read it.
        ValueText::appendText(out, QString::fromUtf8(line.text.data(), qsizetype(line.text.size())));
        out.append(",\"worker\":").append(std::to_string(line.worker));
        out.append(",\"pid\":").append(std::to_string(line.pid)).append(",\"time\":");
        ValueText::appendNumber(out, line.time);
        out.append("}\n");
        good = good && m_file.flushIfLarge();
    }
    // Whoever follows the file sees a line when it was printed.
    good = good && m_file.flush();
    if (!good && m_whenBroken)
        std::exchange(m_whenBroken, {})();
    return good;
}

} // namespace Poolscope
