// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/inputpreview.h"

#include <memory>
#include <mutex>
#include <thread>

namespace Poolscope {

namespace {

constexpr std::uint32_t previewItems = 20;
constexpr std::size_t previewCharacters = 500;

} // namespace

/// One look at an input, in a thread of its own. A look that nobody waits for any more ends by itself: a file
/// system that hangs must not hang the window with it.
struct InputPreview::Private
{
    struct Look : std::enable_shared_from_this<Look>
    {
        std::mutex mutex; // guards owner
        InputPreview *owner = nullptr;

        /// Calls f(owner) in the owner's thread, if there still is one. False if not.
        template <typename F>
        bool tell(F f)
        {
            const std::lock_guard lock(mutex);
            if (!owner)
                return false;
            QMetaObject::invokeMethod(
                owner,
                [f, to = owner, self = shared_from_this()] {
                    // A newer look may have begun since.
                    if (self->owner == to)
                        f(to);
                },
                Qt::QueuedConnection);
            return true;
        }
    };

    static void run(const std::shared_ptr<Look> &look, const QString &input, const InputOptions &options);

    void drop()
    {
        if (!look)
            return;
        const std::lock_guard lock(look->mutex);
        look->owner = nullptr;
    }

    std::shared_ptr<Look> look;
};

void InputPreview::Private::run(const std::shared_ptr<Look> &look, const QString &input,
                                const InputOptions &options)
{
    try {
        const auto source = openInput(input, options);
        std::string text;
        source->read(text, previewItems);
        QStringList items;
        for (const QByteArray &line : QByteArray::fromStdString(text).split('\n'))
            if (!line.isEmpty())
                items << QString::fromUtf8(line).left(previewCharacters);
        if (!look->tell([items](InputPreview *owner) { Q_EMIT owner->itemsRead(items); }))
            return;
        const auto count = scanInput(input, options, [&look](std::uint64_t soFar) {
            return look->tell([soFar](InputPreview *owner) { Q_EMIT owner->counted(soFar, false); });
        });
        if (count)
            look->tell([count](InputPreview *owner) { Q_EMIT owner->counted(*count, true); });
    } catch (const InputError &error) {
        look->tell([message = error.message()](InputPreview *owner) { Q_EMIT owner->failed(message); });
    }
}

InputPreview::InputPreview(QObject *parent) : QObject(parent), d(std::make_unique<Private>()) {}

InputPreview::~InputPreview()
{
    d->drop();
}

void InputPreview::load(const QString &input, const InputOptions &options)
{
    d->drop();
    if (input == QLatin1String("-")) {
        d->look.reset(); // what is read here would be missing later
        return;
    }
    d->look = std::make_shared<Private::Look>();
    d->look->owner = this;
    std::thread([look = d->look, input, options] { Private::run(look, input, options); }).detach();
}

} // namespace Poolscope
