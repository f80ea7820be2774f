// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>
#include <QString>

class QEvent;

/// How things look, the same everywhere: a state or an item has one colour, one glyph and one word in the
/// table, the timeline, the streams and the charts.
///
/// The functions answer for the palette and the font the application has now. A widget that keeps what they
/// return asks again in changeEvent() when isChangedBy() says so.
namespace Poolscope::Theme {

// One scale of distances, in device-independent pixels.
inline constexpr int spaceSmall = 4;
inline constexpr int space = 8;
inline constexpr int spaceLarge = 16;
inline constexpr int spaceSection = 24;

/// What a worker does, or what became of an item.
enum class State
{
    Starting,
    Waiting,
    Running,
    Sending,
    Blocked,
    Ending,
    Gone,
    Done,
    Error,
    Lost,
    NotRun,
    Cancelled,
    Retried,
};

/// Okabe-Ito: told apart by colour-blind eyes; always shown together with glyph(), word() or a pattern.
QColor color(State state);
QString glyph(State state);
QString word(State state);

/// The colour of an item by its place in the input, 0 for the first and 1 for the last: viridis, without
/// the end of it that the background of the theme would swallow.
QColor itemColor(double fraction);
/// The same for an item that waits in the reorder buffer: 40 % opaque, to be drawn with a dashed edge.
QColor waitingItemColor(double fraction);
/// Black or white, whichever can be read on it.
QColor textOn(const QColor &fill);

/// The one accent: the action that matters now.
QColor accent();
/// Text on top of accent().
QColor onAccent();
/// A quieter text, for explanations below a field; still 4.5:1 against the window.
QColor quietText();
/// Text that names a problem; readable on the window's background, unlike vermillion in the light theme.
QColor problemText();
/// Hairlines between parts and grid lines of charts.
QColor hairline();
/// The background of data: streams, tables, timeline, charts.
QColor dataBackground();

/// Curves of charts, to be told apart by colour and, by the caller, by line style.
QColor seriesColor(int series);

bool isDark();

/// Whether an event says that the theme's colours or fonts are others now.
bool isChangedBy(const QEvent &event);

/// The application's font with digits of one width.
QFont tabularFont();
/// A fixed font in the application's size, for values and tracebacks.
QFont fixedFont();
/// The application's font, one step smaller: explanations below a field.
QFont smallFont();

} // namespace Poolscope::Theme
