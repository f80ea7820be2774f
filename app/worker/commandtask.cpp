// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/worker/commandtask.h"

#include "app/worker/childprocess.h"
#include "app/worker/valuecodec.h"
#include "core/tasks/taskplugin.h"

#include <QJsonDocument>

#include <cerrno>
#include <cstring>
#include <optional>

namespace Poolscope::Worker {

namespace {

Failure startFailure(const std::string &program, int error)
{
    if (error == ENOENT && program.find('/') == std::string::npos)
        return {"FileNotFoundError", "the program " + program + " was not found in PATH", {}};
    if (error == ENOENT)
        return {"FileNotFoundError",
                "the program " + program + " (or the interpreter it names) does not exist",
                {}};
    if (error == EACCES)
        return {"PermissionError", program + " is not a program that can be run: check its permissions", {}};
    if (error == E2BIG)
        return {"OSError", "the arguments for " + program + " are longer than the system takes", {}};
    return {"OSError", program + " cannot be started: " + std::strerror(error), {}};
}

std::string signalName(int signal)
{
    const char *name = sigabbrev_np(signal);
    return name ? std::string("SIG") + name : "signal " + std::to_string(signal);
}

std::optional<Failure> endFailure(const std::string &program, const ChildResult &child)
{
    if (child.signal != 0)
        return Failure{"CalledProcessError", program + " was killed by " + signalName(child.signal),
                       child.errorTail};
    if (child.exitStatus != 0)
        return Failure{"CalledProcessError",
                       program + " exited with status " + std::to_string(child.exitStatus), child.errorTail};
    const std::size_t invalid = findInvalidUtf8(child.output);
    if (invalid != std::string_view::npos) {
        char byte[8];
        std::snprintf(byte, sizeof byte, "0x%02x", static_cast<unsigned char>(child.output[invalid]));
        return Failure{"UnicodeDecodeError",
                       program + " printed something that is no UTF-8 text: byte " + byte + " at position " +
                           std::to_string(invalid),
                       child.errorTail};
    }
    return std::nullopt;
}

[[noreturn]] void typeError(const QString &message)
{
    throw TaskError(QStringLiteral("TypeError"), message);
}

} // namespace

CommandTask::CommandTask(const std::vector<std::string> &command) : m_template(command) {}

void CommandTask::run(const Call &call, Outcome &outcome)
{
    try {
        const std::vector<std::string> filled = arguments(call);
        const ChildResult child = runChild(filled);
        outcome.childCpu = child.cpu;
        outcome.failure = child.startError != 0 ? startFailure(filled.front(), child.startError)
                                                : endFailure(filled.front(), child);
        if (!outcome.failure) {
            outcome.value.clear();
            appendJsonString(outcome.value, child.output);
        }
    } catch (...) {
        outcome.failure = currentFailure();
    }
}

std::vector<std::string> CommandTask::arguments(const Call &call) const
{
    std::string item;
    if (call.keywords)
        typeError(QStringLiteral("the command takes no keyword arguments"));
    if (call.unpack) {
        // A command takes one argument, the item: starmap fits when that is what is in the array.
        const QJsonValue value = decodeItem(call.item);
        if (!value.isArray())
            typeError(QStringLiteral("the command: argument after * must be an iterable, not %1")
                          .arg(typeName(value)));
        const QJsonArray array = value.toArray();
        if (array.size() != 1)
            typeError(QStringLiteral("the command takes 1 positional argument but %1 were given")
                          .arg(array.size()));
        std::string only;
        encodeValue(array.at(0), only);
        item = itemAsText(only);
    } else {
        item = itemAsText(call.item);
    }
    std::vector<std::string> filled = m_template.fill(item, call.index);
    for (const std::string &argument : filled) {
        if (argument.find('\0') != std::string::npos)
            throw TaskError(QStringLiteral("ValueError"),
                            QStringLiteral("the item holds a zero character, which no program can be given"));
    }
    return filled;
}

} // namespace Poolscope::Worker
