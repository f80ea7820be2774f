// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobpanel/parameterform.h"

#include "ui/jobpanel/fieldmessage.h"
#include "ui/jobpanel/formgrid.h"
#include "ui/jobpanel/spinboxes.h"
#include "ui/theme/theme.h"

#include <QCheckBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <limits>

namespace Poolscope {

namespace {

/// A JSON value when the text is one, else the text: for parameters whose type nobody declared.
QJsonValue looseValue(const QString &text)
{
    const QJsonDocument wrapped = QJsonDocument::fromJson('[' + text.toUtf8() + ']');
    if (wrapped.isArray() && wrapped.array().size() == 1)
        return wrapped.array().at(0);
    return text;
}

QString looseText(const QJsonValue &value)
{
    if (value.isUndefined() || value.isNull())
        return {};
    if (value.isString())
        return value.toString();
    const QByteArray json = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return QString::fromUtf8(json.mid(1, json.size() - 2));
}

} // namespace

ParameterForm::ParameterForm(QWidget *parent)
    : QWidget(parent), m_grid(new FormGrid(this)), m_message(new FieldMessage(nullptr, this))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::spaceSmall);
    layout->addWidget(m_grid);
    layout->addWidget(m_message);
    setVisible(false);
}

void ParameterForm::setParameters(const QList<TaskParameter> &parameters)
{
    const QJsonObject kept = values();
    m_fields.clear();
    m_grid->clear();
    m_fields.reserve(std::size_t(parameters.size()));
    for (const TaskParameter &parameter : parameters)
        addField(parameter);
    setVisible(!parameters.isEmpty());
    setValues(kept);
}

QJsonObject ParameterForm::values() const
{
    QJsonObject result = m_unknown;
    for (const Field &field : m_fields) {
        const QJsonValue value = field.read();
        const bool isEmpty = value.isString() && value.toString().isEmpty();
        if (value != field.parameter.defaultValue &&
            !(isEmpty &&
              (field.parameter.defaultValue.isUndefined() || field.parameter.defaultValue.isNull())))
            result.insert(field.parameter.name, value);
    }
    return result;
}

void ParameterForm::setValues(const QJsonObject &values)
{
    m_unknown = values;
    for (const Field &field : m_fields) {
        const auto given = m_unknown.constFind(field.parameter.name);
        field.write(given == m_unknown.constEnd() ? field.parameter.defaultValue : given.value());
        m_unknown.remove(field.parameter.name);
    }
}

void ParameterForm::setProblem(const QString &text)
{
    m_message->setProblem(text);
    setVisible(!m_fields.empty() || !text.isEmpty());
}

void ParameterForm::addField(const TaskParameter &parameter)
{
    Field field{parameter, {}, {}};
    QWidget *editor = makeEditor(field);
    editor->setAccessibleName(parameter.name);
    editor->setAccessibleDescription(parameter.description);
    editor->setToolTip(parameter.description.toHtmlEscaped());
    m_grid->addRow(parameter.name, editor);
    m_fields.push_back(std::move(field));
}

QWidget *ParameterForm::makeEditor(Field &field)
{
    const QString &type = field.parameter.type;
    if (type == u"integer") {
        auto *spin = new QSpinBox(m_grid);
        spin->setRange(std::numeric_limits<int>::min(), std::numeric_limits<int>::max());
        spin->setFocusPolicy(Qt::StrongFocus);
        new WheelGuard(spin);
        connect(spin, &QSpinBox::valueChanged, this, &ParameterForm::changed);
        field.read = [spin] { return QJsonValue(spin->value()); };
        field.write = [spin](const QJsonValue &value) { spin->setValue(value.toInt()); };
        return spin;
    }
    if (type == u"number") {
        auto *spin = new NumberSpinBox(m_grid);
        connect(spin, &QDoubleSpinBox::valueChanged, this, &ParameterForm::changed);
        field.read = [spin] { return QJsonValue(spin->value()); };
        field.write = [spin](const QJsonValue &value) { spin->setValue(value.toDouble()); };
        return spin;
    }
    if (type == u"boolean") {
        auto *box = new QCheckBox(m_grid);
        connect(box, &QCheckBox::toggled, this, &ParameterForm::changed);
        field.read = [box] { return QJsonValue(box->isChecked()); };
        field.write = [box](const QJsonValue &value) { box->setChecked(value.toBool()); };
        return box;
    }
    if (type == u"folder" || type == u"file")
        return makePathEditor(field);
    auto *edit = new QLineEdit(m_grid);
    connect(edit, &QLineEdit::textChanged, this, &ParameterForm::changed);
    if (type == u"text") {
        field.read = [edit] { return QJsonValue(edit->text()); };
        field.write = [edit](const QJsonValue &value) { edit->setText(value.toString()); };
    } else {
        field.read = [edit] { return looseValue(edit->text()); };
        field.write = [edit](const QJsonValue &value) { edit->setText(looseText(value)); };
    }
    return edit;
}

QWidget *ParameterForm::makePathEditor(Field &field)
{
    auto *whole = new QWidget(m_grid);
    auto *edit = new QLineEdit(whole);
    auto *choose = new QPushButton(tr("Choose…"), whole);
    choose->setAccessibleName(tr("Choose %1").arg(field.parameter.name));
    auto *layout = new QHBoxLayout(whole);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::space);
    layout->addWidget(edit, 1);
    layout->addWidget(choose);
    whole->setFocusProxy(edit);
    edit->setAccessibleName(field.parameter.name);
    connect(edit, &QLineEdit::textChanged, this, &ParameterForm::changed);
    const bool isFolder = field.parameter.type == u"folder";
    connect(choose, &QPushButton::clicked, this, [this, edit, isFolder] {
        auto *dialog =
            new QFileDialog(this, isFolder ? tr("Choose a folder") : tr("Choose a file"), edit->text());
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(isFolder ? QFileDialog::Directory : QFileDialog::ExistingFile);
        connect(dialog, &QFileDialog::fileSelected, edit, &QLineEdit::setText);
        dialog->open();
    });
    field.read = [edit] { return QJsonValue(edit->text()); };
    field.write = [edit](const QJsonValue &value) { edit->setText(value.toString()); };
    return whole;
}

} // namespace Poolscope
