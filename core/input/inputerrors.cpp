// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/input/inputerrors.h"

#include <QByteArrayView>

#include <cerrno>

namespace Poolscope {

namespace {

QString adviceFor(int error)
{
    switch (error) {
    case ENOENT:
        return InputMessages::tr("check the spelling and the folder");
    case EISDIR:
        return InputMessages::tr("this is a folder; choose a file, or glob:FOLDER/* for the files in it");
    case EACCES:
    case EPERM:
        return InputMessages::tr("ask its owner for permission to read it");
    case ELOOP:
        return InputMessages::tr("its symbolic links go round in circles; name the file itself");
    case EMFILE:
    case ENFILE:
        return InputMessages::tr("close some files, or raise the limit with ulimit -n");
    default:
        return InputMessages::tr("choose another input");
    }
}

} // namespace

InputError lineError(const QString &name, std::uint64_t line, const QString &what)
{
    return {InputError::Kind::Content,
            InputMessages::tr("%1, line %2: %3").arg(name, QString::number(line), what)};
}

InputError systemError(const QString &name, int error)
{
    return {
        InputError::Kind::Content,
        InputMessages::tr("%1 cannot be read: %2 (%3)").arg(name, qt_error_string(error), adviceFor(error))};
}

void requireUtf8(std::string_view text, const QString &name, std::uint64_t line)
{
    if (!QByteArrayView(text.data(), static_cast<qsizetype>(text.size())).isValidUtf8())
        throw lineError(name, line,
                        InputMessages::tr("not valid UTF-8; convert the file, for example with "
                                          "iconv -f LATIN1 -t UTF-8"));
}

} // namespace Poolscope
