// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/worker/failure.h"

#include "app/worker/valuecodec.h"
#include "core/tasks/taskplugin.h"

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <memory>
#include <typeinfo>

#include <cxxabi.h>

namespace Poolscope::Worker {

namespace {

std::string className(const std::exception &error)
{
    const char *mangled = typeid(error).name();
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> name(
        abi::__cxa_demangle(mangled, nullptr, nullptr, &status), std::free);
    return status == 0 ? std::string(name.get()) : std::string(mangled);
}

} // namespace

// The C library's unwinding of a thread is no object, so what is caught refers to nothing.
__attribute__((no_sanitize("null"))) Failure currentFailure()
{
    try {
        throw;
    } catch (const TaskError &error) {
        return {error.type().toStdString(), error.what(), {}};
    } catch (const std::exception &error) {
        return {className(error), error.what(), {}};
    } catch (const abi::__forced_unwind &) {
        // A thread that is being ended must not be caught: the C library ends the process if it is.
        throw;
    } catch (...) {
        return {"UnknownException", "the task threw something that is not a std::exception", {}};
    }
}

void shortenFailure(Failure &failure)
{
    constexpr std::size_t kept = 200;
    const std::size_t length = failure.message.size();
    const auto cut = [kept](std::string &text) {
        std::size_t end = std::min(text.size(), kept);
        while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
            --end;
        text.resize(end);
    };
    cut(failure.type);
    cut(failure.message);
    failure.message += "… (" + std::to_string(length) + " bytes)";
    failure.traceback.clear();
}

void encodeFailure(const Failure &failure, std::string &out)
{
    out = "{\"type\":";
    appendJsonString(out, failure.type);
    out += ",\"message\":";
    appendJsonString(out, failure.message);
    out += ",\"traceback\":";
    appendJsonString(out, failure.traceback);
    out += '}';
}

} // namespace Poolscope::Worker
