// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/controls/namedcombobox.h"

#include <QAbstractItemView>
#include <QAccessible>
#include <QAccessibleWidget>
#include <QLineEdit>

namespace Poolscope {

namespace {

class NamedComboBoxInterface final : public QAccessibleWidget
{
public:
    explicit NamedComboBoxInterface(NamedComboBox *box) : QAccessibleWidget(box, QAccessible::ComboBox) {}

    // The list first and the line second, where the box can be typed into, as in Qt's own interface.
    int childCount() const override { return box()->isEditable() ? 2 : 1; }

    QAccessibleInterface *child(int index) const override
    {
        if (index == 0)
            return QAccessible::queryAccessibleInterface(box()->view());
        return index == 1 && box()->isEditable() ? line() : nullptr;
    }

    int indexOfChild(const QAccessibleInterface *child) const override
    {
        if (child->object() == box()->view())
            return 0;
        return box()->isEditable() && child->object() == box()->lineEdit() ? 1 : -1;
    }

    QAccessibleInterface *childAt(int x, int y) const override
    {
        return box()->isEditable() && line()->rect().contains(x, y) ? line() : nullptr;
    }

    QString text(QAccessible::Text kind) const override
    {
        const QString chosen = box()->currentText();
        if (kind == QAccessible::Value)
            return chosen;
        const QString own = QAccessibleWidget::text(kind);
        if (kind != QAccessible::Description || chosen.isEmpty() || box()->isEditable())
            return own;
        return own.isEmpty() ? chosen : QStringLiteral("%1. %2").arg(chosen, own);
    }

    void *interface_cast(QAccessible::InterfaceType type) override
    {
        const bool isText = type == QAccessible::TextInterface || type == QAccessible::EditableTextInterface;
        return isText && box()->isEditable() ? line()->interface_cast(type)
                                             : QAccessibleWidget::interface_cast(type);
    }

    QStringList actionNames() const override
    {
        return QStringList{showMenuAction(), pressAction()} + QAccessibleWidget::actionNames();
    }

    void doAction(const QString &name) override
    {
        if (name != showMenuAction() && name != pressAction())
            QAccessibleWidget::doAction(name); // takes the focus
        else if (box()->view()->isVisible())
            box()->hidePopup();
        else
            box()->showPopup();
    }

private:
    QComboBox *box() const { return static_cast<QComboBox *>(object()); }
    QAccessibleInterface *line() const { return QAccessible::queryAccessibleInterface(box()->lineEdit()); }
};

QAccessibleInterface *makeInterface(const QString &, QObject *object)
{
    auto *box = qobject_cast<NamedComboBox *>(object);
    return box ? new NamedComboBoxInterface(box) : nullptr;
}

} // namespace

NamedComboBox::NamedComboBox(QWidget *parent) : QComboBox(parent)
{
    static const bool isInstalled = [] {
        QAccessible::installFactory(makeInterface);
        return true;
    }();
    Q_UNUSED(isInstalled)
}

} // namespace Poolscope
