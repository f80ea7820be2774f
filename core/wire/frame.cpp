// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/wire/frame.h"

#include "core/wire/bytes.h"

namespace Poolscope::Wire {

namespace {

constexpr char magic = 'P';

bool isKnown(std::uint8_t type)
{
    return (type >= std::uint8_t(FrameType::Setup) && type <= std::uint8_t(FrameType::Quit)) ||
           (type >= std::uint8_t(FrameType::Hello) && type <= std::uint8_t(FrameType::Recalled));
}

} // namespace

std::size_t beginFrame(std::string &out, FrameType type)
{
    const std::size_t begin = out.size();
    const char header[frameHeaderSize] = {magic, char(protocolVersion), char(type), 0, 0, 0, 0, 0};
    out.append(header, sizeof header);
    return begin;
}

void finishFrame(std::string &out, std::size_t begin)
{
    const auto length = std::uint32_t(out.size() - begin - frameHeaderSize);
    std::memcpy(out.data() + begin + 4, &length, sizeof length);
}

void appendFrame(std::string &out, FrameType type, std::string_view payload)
{
    const std::size_t begin = beginFrame(out, type);
    out.append(payload);
    finishFrame(out, begin);
}

void FrameDecoder::feed(std::string_view bytes)
{
    if (!m_error.empty())
        return;
    // What was decoded goes before what arrives is added, so the buffer stays as large as the largest read.
    if (m_position == m_buffer.size())
        m_buffer.clear();
    else if (m_position > 0)
        m_buffer.erase(0, m_position);
    m_position = 0;
    m_buffer.append(bytes);
}

std::optional<Frame> FrameDecoder::next()
{
    const std::size_t available = m_buffer.size() - m_position;
    if (!m_error.empty() || available < frameHeaderSize)
        return std::nullopt;

    const char *header = m_buffer.data() + m_position;
    if (header[0] != magic) {
        m_error = "no frame begins here (first byte " +
                  std::to_string(static_cast<unsigned char>(header[0])) + ", expected " +
                  std::to_string(magic) + ")";
        return std::nullopt;
    }
    if (static_cast<unsigned char>(header[1]) != protocolVersion) {
        m_error = "protocol version " + std::to_string(static_cast<unsigned char>(header[1])) +
                  ", this program speaks " + std::to_string(protocolVersion);
        return std::nullopt;
    }
    const auto type = static_cast<std::uint8_t>(header[2]);
    if (!isKnown(type) || header[3] != 0) {
        m_error = "unknown frame type " + std::to_string(type);
        return std::nullopt;
    }
    std::uint32_t length = 0;
    std::memcpy(&length, header + 4, sizeof length);
    if (length > maximumPayload) {
        m_error = "a frame of " + std::to_string(length) + " bytes, the maximum is " +
                  std::to_string(maximumPayload);
        return std::nullopt;
    }
    if (available < frameHeaderSize + length)
        return std::nullopt;

    m_position += frameHeaderSize + length;
    m_framesEnd += frameHeaderSize + length;
    return Frame{FrameType(type), std::string_view(header + frameHeaderSize, length)};
}

} // namespace Poolscope::Wire
