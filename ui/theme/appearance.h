// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPalette>

namespace Poolscope {

/// Gives the application its style, its palette (light, dark, or as the desktop has it) and its text size.
/// One per program, made before the first window.
class Appearance final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Appearance)

public:
    enum class Scheme
    {
        System,
        Light,
        Dark
    };
    Q_ENUM(Scheme)

    /// In points, for everything but headings; scaled by textScale().
    static constexpr double basePointSize = 11;
    static constexpr int smallestScale = 70;
    static constexpr int largestScale = 250;

    explicit Appearance(QObject *parent = nullptr);

    Scheme scheme() const { return m_scheme; }
    void setScheme(Scheme scheme);
    /// From what is seen now to the other one.
    void toggleScheme();

    /// In percent.
    int textScale() const { return m_textScale; }
    void setTextScale(int percent);
    /// One step: a tenth, as projectors need several of them quickly.
    void enlargeText();
    void shrinkText();
    void resetText();

Q_SIGNALS:
    void changed();

private:
    void apply();

    Scheme m_scheme = Scheme::System;
    int m_textScale = 100;
    bool m_systemIsDark = false;
};

} // namespace Poolscope
