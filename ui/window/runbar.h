// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QToolBar>

#include <cstdint>

class QPushButton;
class QToolButton;

namespace Poolscope {

class ElidedLabel;
class GivingRow;

/// Run, Pause or Resume, Stop, and beside them in words why one of them cannot be used now.
class RunBar final : public QToolBar
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RunBar)

public:
    enum class State
    {
        Idle,
        Running,
        Paused,
        Stopping,
    };

    /// \param controls  stand beside the buttons; becomes a child
    explicit RunBar(QWidget *controls, QWidget *parent = nullptr);

    State state() const { return m_state; }
    void setState(State state);
    /// Why a job cannot be run; empty when it can.
    void setObstacle(const QString &text);
    enum class Note
    {
        Passing, ///< said while nothing is in the way of a run
        Lasting  ///< said before anything else
    };
    /// What there is to say beside the buttons while no job runs.
    void setNote(const QString &text, Note kind = Note::Passing);
    /// Offers to resume the last run. \param items  how many it would run; 0: there is none to offer
    /// \param toolTip  what it would do
    void setResumeOffer(std::uint64_t items, const QString &toolTip);

Q_SIGNALS:
    void resumeLastWanted();
    void runWanted();
    void pauseWanted();
    void resumeWanted();
    void stopWanted();
    void themeToggled();
    void smallerTextWanted();
    void largerTextWanted();

protected:
    void changeEvent(QEvent *event) override;

private:
    void display();
    bool hasWords() const;
    void colorButtons();
    QToolButton *addAppearanceButton(const QString &text, const QString &name, const QString &toolTip);

    QPushButton *m_run;
    QPushButton *m_pause;
    QPushButton *m_stop;
    QPushButton *m_resumeLast;
    ElidedLabel *m_text;
    GivingRow *m_row;
    QToolButton *m_smaller;
    QToolButton *m_larger;
    QToolButton *m_theme;
    State m_state = State::Idle;
    QString m_obstacle;
    QString m_note;
    Note m_noteKind = Note::Passing;
    std::uint64_t m_itemsToResume = 0;
};

} // namespace Poolscope
