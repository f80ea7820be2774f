// SPDX-License-Identifier: GPL-3.0-or-later
// The module _poolscope_items: what the Python worker does for every item, without the 2 us that the
// interpreter takes for it. Only what is the same for almost all items is done here; whatever is not ordinary
// (an exception, a print, a long item, a hold) is handed to the loop in
// resources/python/_poolscope_worker/running.py, which can do all of it by itself.
#define PY_SSIZE_T_CLEAN
#include "core/wire/bytes.h"
#include "core/wire/frame.h"
#include "core/wire/message.h"
#include "core/wire/recorder.h"

#include <charconv>
#include <cstring>
#include <ctime>
#include <memory>
#include <new>
#include <string>
#include <string_view>

#include <Python.h>
#include <sys/mman.h>
#include <sys/stat.h>

namespace {

using namespace Poolscope;

struct Release
{
    void operator()(PyObject *object) const { Py_DECREF(object); }
};
using Reference = std::unique_ptr<PyObject, Release>;

std::int64_t now()
{
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return std::int64_t(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

/// Whether a text stands in JSON as it is.
bool isPlain(std::string_view text)
{
    for (const char c : text)
        if (c < ' ' || c > '~' || c == '"' || c == '\\')
            return false;
    return true;
}

/// The commonest items: whole numbers and plain text. Null, without an exception, for all others.
PyObject *decodePlain(std::string_view line)
{
    constexpr std::size_t mostDigits = 18; // fit into 64 bits, whatever they are
    if (line.size() >= 2 && line.front() == '"' && line.back() == '"') {
        const std::string_view text = line.substr(1, line.size() - 2);
        return isPlain(text) ? PyUnicode_FromStringAndSize(text.data(), Py_ssize_t(text.size())) : nullptr;
    }
    const std::string_view digits = line.substr(line.starts_with('-') ? 1 : 0);
    if (digits.empty() || digits.size() > mostDigits || (digits.front() == '0' && digits.size() > 1))
        return nullptr;
    long long number = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number);
    return end == line.data() + line.size() && error == std::errc() ? PyLong_FromLongLong(number) : nullptr;
}

/// Replaces `out` by the JSON text of a common value; false for all others.
bool encodePlain(PyObject *value, std::string &out)
{
    if (PyLong_CheckExact(value)) {
        int overflow = 0;
        const long long number = PyLong_AsLongLongAndOverflow(value, &overflow);
        if (overflow != 0)
            return false;
        char digits[24];
        out.assign(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
        return true;
    }
    if (PyUnicode_CheckExact(value)) {
        Py_ssize_t size = 0;
        const char *text = PyUnicode_AsUTF8AndSize(value, &size);
        if (!text) {
            PyErr_Clear(); // half a surrogate pair
            return false;
        }
        if (!isPlain({text, std::size_t(size)}))
            return false;
        out.assign(1, '"').append(text, std::size_t(size)).push_back('"');
        return true;
    }
    if (value != Py_None && value != Py_True && value != Py_False)
        return false;
    out = value == Py_None ? "null" : value == Py_True ? "true" : "false";
    return true;
}

struct ItemLoop
{
    PyObject base; // what every object of Python begins with
    void *memory;
    std::size_t memorySize;
    Wire::RecorderWriter recorder;
    std::uint64_t sent;
    PyObject *decode;
    PyObject *encode;
    std::string *value;
    std::string *frame;
    bool interrupted; ///< Something happened that only Python knows what to do about.
    // Of the item that was handed over, or the next one:
    Py_ssize_t at; ///< Where its line begins in the chunk.
    unsigned long long index;
    long long started;  ///< 0: none was handed over, or it was not called.
    long long finished; ///< Of the last item, handed over or not; 0: it was not called.
    long long unpack;   ///< Nanoseconds before `started` in which its text was read; 0: not measured.
};

PyObject *call(PyObject *function, PyObject *argument)
{
    return PyObject_CallFunctionObjArgs(function, argument, nullptr);
}

ItemLoop *self(PyObject *object)
{
    return reinterpret_cast<ItemLoop *>(object);
}

PyObject *create(PyTypeObject *type, PyObject *arguments, PyObject *)
{
    int descriptor = -1;
    PyObject *decode = nullptr;
    PyObject *encode = nullptr;
    if (!PyArg_ParseTuple(arguments, "iOO", &descriptor, &decode, &encode))
        return nullptr;
    struct stat file
    {
    };
    if (fstat(descriptor, &file) != 0)
        return PyErr_SetFromErrno(PyExc_OSError);
    const auto size = std::size_t(file.st_size);
    void *memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    if (memory == MAP_FAILED)
        return PyErr_SetFromErrno(PyExc_OSError);
    Wire::RecorderWriter recorder;
    if (!recorder.attach(memory, size)) {
        munmap(memory, size);
        PyErr_SetString(PyExc_ValueError, "the memory is no recorder of this version");
        return nullptr;
    }
    const auto allocate = reinterpret_cast<allocfunc>(PyType_GetSlot(type, Py_tp_alloc));
    PyObject *object = allocate(type, 0);
    if (!object)
        return nullptr;
    ItemLoop &loop = *self(object);
    new (&loop.recorder) Wire::RecorderWriter(recorder);
    loop.memory = memory;
    loop.memorySize = size;
    loop.decode = Py_NewRef(decode);
    loop.encode = Py_NewRef(encode);
    loop.value = new std::string;
    loop.frame = new std::string;
    return object;
}

void destroy(PyObject *object)
{
    ItemLoop &loop = *self(object);
    PyTypeObject *type = Py_TYPE(object);
    munmap(loop.memory, loop.memorySize);
    Py_DECREF(loop.decode);
    Py_DECREF(loop.encode);
    delete loop.value;
    delete loop.frame;
    reinterpret_cast<freefunc>(PyType_GetSlot(type, Py_tp_free))(object);
    Py_DECREF(type);
}

PyObject *append(PyObject *object, PyObject *frames)
{
    char *bytes = nullptr;
    Py_ssize_t size = 0;
    if (PyBytes_AsStringAndSize(frames, &bytes, &size) != 0)
        return nullptr;
    Wire::RecorderWriter &recorder = self(object)->recorder;
    if (std::size_t(size) > recorder.space())
        Py_RETURN_FALSE;
    recorder.append({bytes, std::size_t(size)});
    Py_RETURN_TRUE;
}

PyObject *unsent(PyObject *object, PyObject *)
{
    const std::string_view bytes = self(object)->recorder.unsent();
    return PyBytes_FromStringAndSize(bytes.data(), Py_ssize_t(bytes.size()));
}

/// Bytes left by way of the ring, or past it.
template <void (Wire::RecorderWriter::*tell)(std::size_t)>
PyObject *countSent(PyObject *object, PyObject *argument)
{
    const std::size_t bytes = PyLong_AsSize_t(argument);
    if (PyErr_Occurred())
        return nullptr;
    (self(object)->recorder.*tell)(bytes);
    self(object)->sent += bytes;
    Py_RETURN_NONE;
}

PyObject *itemBegins(PyObject *object, PyObject *argument)
{
    const long long time = PyLong_AsLongLong(argument);
    if (PyErr_Occurred())
        return nullptr;
    return PyBool_FromLong(self(object)->recorder.itemBegins(time));
}

PyObject *interrupt(PyObject *object, PyObject *)
{
    self(object)->interrupted = true;
    Py_RETURN_NONE;
}

void report(ItemLoop &loop, std::uint64_t chunk, const Wire::ResultHeader &result)
{
    std::string &frame = *loop.frame;
    frame.clear();
    const std::size_t begin = Wire::beginFrame(frame, Wire::FrameType::Results);
    Wire::appendRaw(frame, Wire::ResultsHeader{chunk, loop.index, 1, 0});
    Wire::appendResult(frame, result, *loop.value);
    Wire::finishFrame(frame, begin);
    loop.recorder.append(frame);
}

/// The item in a line, whatever it is; null with an exception.
PyObject *decode(const ItemLoop &loop, std::string_view line)
{
    if (PyObject *plain = decodePlain(line))
        return plain;
    if (PyErr_Occurred())
        return nullptr;
    const Reference bytes(PyBytes_FromStringAndSize(line.data(), Py_ssize_t(line.size())));
    return bytes ? call(loop.decode, bytes.get()) : nullptr;
}

bool encode(ItemLoop &loop, PyObject *value)
{
    if (encodePlain(value, *loop.value))
        return true;
    if (PyErr_Occurred())
        return false;
    const Reference text(call(loop.encode, value));
    char *bytes = nullptr;
    Py_ssize_t size = 0;
    if (!text || PyBytes_AsStringAndSize(text.get(), &bytes, &size) != 0)
        return false;
    loop.value->assign(bytes, std::size_t(size));
    return true;
}

/// run(function, entry, chunk, end, pause_at, care_from, wants_look, largest): runs items of a chunk from
/// `at` and `index` on.
///
/// Returns None when `index` is `end`, when it is `pause_at` or much waits to be sent, or when items are held
/// back. Returns the value of an item that took `care_from` nanoseconds, whose process has printed (where
/// `wants_look`), that was interrupted, or that is larger than `largest` or the room there is; raises what
/// the item raised. In these two cases `index` is that item's, and `at` behind its line.
PyObject *run(PyObject *object, PyObject *arguments)
{
    ItemLoop &loop = *self(object);
    PyObject *function = nullptr;
    PyObject *entry = nullptr;
    unsigned long long chunk = 0;
    unsigned long long end = 0;
    long long pauseAt = 0;
    long long careFrom = 0;
    int wantsLook = 0;
    unsigned long long largest = 0;
    constexpr std::size_t muchUnsent = std::size_t{64} << 10;
    if (!PyArg_ParseTuple(arguments, "OSKKLLpK", &function, &entry, &chunk, &end, &pauseAt, &careFrom,
                          &wantsLook, &largest))
        return nullptr;
    const std::string_view lines(PyBytes_AsString(entry), std::size_t(PyBytes_Size(entry)));
    const std::size_t ring = loop.memorySize - Wire::recorderHeaderSize;

    for (std::int64_t time = now(); loop.index < end; ++loop.index) {
        loop.started = 0;
        if (time >= pauseAt || ring - loop.recorder.space() > muchUnsent || !loop.recorder.itemBegins(time))
            Py_RETURN_NONE;
        loop.finished = 0;
        const std::size_t begin = std::size_t(loop.at);
        const std::size_t stop = lines.find('\n', begin);
        loop.at = Py_ssize_t(stop) + 1;

        const bool isMeasured = stop - begin >= Wire::measuredTextSize;
        const std::int64_t began = isMeasured ? now() : 0;
        loop.unpack = 0;
        Reference item(decode(loop, lines.substr(begin, stop - begin)));
        if (!item)
            return nullptr;
        loop.started = now();
        if (isMeasured)
            loop.unpack = loop.started - began;
        Reference value(call(function, item.get()));
        loop.finished = now();
        const bool isOrdinary = value && !loop.interrupted && loop.finished - loop.started < careFrom &&
                                !(wantsLook && loop.recorder.hasPrinted());
        loop.interrupted = false;
        if (!isOrdinary)
            return value.release();
        if (!encode(loop, value.get()))
            return nullptr;
        Wire::ResultHeader result;
        result.started = loop.started;
        result.finished = loop.finished;
        result.cpu = loop.finished - loop.started;
        result.length = std::uint32_t(loop.value->size());
        if (isMeasured)
            result.unpack = Wire::microseconds(loop.unpack);
        if (loop.value->size() >= Wire::measuredTextSize)
            result.pack = Wire::microseconds(now() - loop.finished);
        if (loop.value->size() > largest ||
            sizeof(Wire::ResultsHeader) + sizeof result + Wire::frameHeaderSize + loop.value->size() >
                loop.recorder.space())
            return value.release();
        report(loop, chunk, result);
        time = loop.finished;
        // Released before the next item is timed, for freeing a large value takes time too.
        item.reset();
        value.reset();
    }
    loop.started = 0;
    Py_RETURN_NONE;
}

template <typename T, T ItemLoop::*member>
PyObject *get(PyObject *object, void *)
{
    return PyLong_FromLongLong(static_cast<long long>(self(object)->*member));
}

template <typename T, T ItemLoop::*member>
int set(PyObject *object, PyObject *value, void *)
{
    self(object)->*member = static_cast<T>(PyLong_AsLongLong(value));
    return PyErr_Occurred() ? -1 : 0;
}

PyObject *hasPrinted(PyObject *object, void *)
{
    return PyBool_FromLong(self(object)->recorder.hasPrinted());
}

PyObject *capacity(PyObject *object, void *)
{
    return PyLong_FromSize_t(self(object)->memorySize - Wire::recorderHeaderSize);
}

PyObject *unsentSize(PyObject *object, void *)
{
    const ItemLoop &loop = *self(object);
    return PyLong_FromSize_t(loop.memorySize - Wire::recorderHeaderSize - loop.recorder.space());
}

PyMethodDef methods[] = {
    {"append", append, METH_O, "Adds whole frames; False when they do not fit."},
    {"unsent", unsent, METH_NOARGS, "The next bytes to be sent."},
    {"note_sent", countSent<&Wire::RecorderWriter::sent>, METH_O, "So many of them were."},
    {"skip", countSent<&Wire::RecorderWriter::skip>, METH_O,
     "So many bytes were sent past the ring, which was empty."},
    {"item_begins", itemBegins, METH_O,
     "Called right before an item begins; False when items are held back."},
    {"interrupt", interrupt, METH_NOARGS, "The item that runs is handed over."},
    {"run", run, METH_VARARGS, "Runs the items of a chunk that are ordinary."},
    {nullptr, nullptr, 0, nullptr}};

PyGetSetDef attributes[] = {
    {"sent", get<std::uint64_t, &ItemLoop::sent>, nullptr, nullptr, nullptr},
    {"unsent_size", unsentSize, nullptr, nullptr, nullptr},
    {"capacity", capacity, nullptr, nullptr, nullptr},
    {"has_printed", hasPrinted, nullptr, nullptr, nullptr},
    {"at", get<Py_ssize_t, &ItemLoop::at>, set<Py_ssize_t, &ItemLoop::at>, nullptr, nullptr},
    {"index", get<unsigned long long, &ItemLoop::index>, set<unsigned long long, &ItemLoop::index>, nullptr,
     nullptr},
    {"started", get<long long, &ItemLoop::started>, nullptr, nullptr, nullptr},
    {"finished", get<long long, &ItemLoop::finished>, nullptr, nullptr, nullptr},
    {"unpack", get<long long, &ItemLoop::unpack>, nullptr, nullptr, nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

PyType_Slot slots[] = {{Py_tp_new, reinterpret_cast<void *>(create)},
                       {Py_tp_dealloc, reinterpret_cast<void *>(destroy)},
                       {Py_tp_methods, methods},
                       {Py_tp_getset, attributes},
                       {0, nullptr}};

PyType_Spec loopSpec = {"_poolscope_items.ItemLoop", sizeof(ItemLoop), 0, Py_TPFLAGS_DEFAULT, slots};

PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_poolscope_items", nullptr, -1, nullptr, nullptr, nullptr, nullptr, nullptr};

} // namespace

PyMODINIT_FUNC PyInit__poolscope_items()
{
    Reference created(PyModule_Create(&module));
    if (!created)
        return nullptr;
    PyObject *type = PyType_FromSpec(&loopSpec);
    if (!type || PyModule_AddObject(created.get(), "ItemLoop", type) != 0) {
        Py_XDECREF(type);
        return nullptr;
    }
    return created.release();
}
