using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Kippu.Wire;

namespace Kippu.Resumption;

/// <summary>A client's sessions as JSON, format <c>kippu-sessions/1</c> (docs/ticket-format.md).</summary>
internal static class ClientSessionJson
{
    public const string Format = "kippu-sessions/1";

    private const int MaxStateLength = 1024 * 1024;
    private const int RequiredOfFile = 0b11;
    private const int RequiredOfSession = 0b111111;

    private static readonly string[] s_fileNames = ["format", "sessions"];
    private static readonly string[] s_sessionNames = ["for", "received", "expires", "ticket", "sessionId", "state"];

    /// <summary>Oldest first.</summary>
    public static void Write(IReadOnlyCollection<KeyValuePair<ClientSessionKey, ClientSession>> sessions, Stream destination)
    {
        // Room for everything at once: the buffer is cleared at the end, what it would outgrow is not.
        var buffer = new ArrayBufferWriter<byte>(1024 + sessions.Sum(session => 1024 + (2 * session.Value.Cost)));
        try
        {
            using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
            {
                writer.WriteStartObject();
                writer.WriteString("format", Format);
                writer.WriteStartArray("sessions");
                foreach (var (key, session) in sessions)
                {
                    Write(writer, key, session);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            buffer.Write("\n"u8);
            destination.Write(buffer.WrittenSpan);
        }
        finally
        {
            buffer.Clear();
        }
    }

    /// <summary>The sessions, oldest first; the caller owns them.</summary>
    /// <exception cref="StoredFormatException">Anything is not as it was written.</exception>
    public static List<KeyValuePair<ClientSessionKey, ClientSession>> Read(ReadOnlySpan<byte> json)
    {
        StrictJsonReader.RequireFormat(json, "sessions", Format);
        var sessions = new List<KeyValuePair<ClientSessionKey, ClientSession>>();
        try
        {
            var reader = new StrictJsonReader(json, "sessions");
            reader.ReadObjectStart("");
            var seen = 0;
            while (reader.TryReadProperty("", s_fileNames, ref seen, out var property))
            {
                if (property == 0)
                {
                    reader.ReadString("format");
                }
                else
                {
                    ReadSessions(ref reader, sessions);
                }
            }

            StrictJsonReader.Require("", s_fileNames, seen, RequiredOfFile);
            reader.ExpectEnd();
            return sessions;
        }
        catch
        {
            sessions.ForEach(session => session.Value.Dispose());
            throw;
        }
    }

    private static void Write(Utf8JsonWriter writer, ClientSessionKey key, ClientSession session)
    {
        using var state = new WireBuffer(session.Cost);
        SessionStateCodec.Write(new TlsWriter(state), session.State);
        writer.WriteStartObject();
        writer.WriteString("for", key.ToString());
        writer.WriteString("received", RingTime.Format(session.Received));
        writer.WriteString("expires", RingTime.Format(session.Expires));
        writer.WriteBase64String("ticket", session.Ticket);
        writer.WriteBase64String("sessionId", session.SessionId);
        writer.WriteBase64String("state", state.Written);
        writer.WriteEndObject();
    }

    private static void ReadSessions(ref StrictJsonReader reader, List<KeyValuePair<ClientSessionKey, ClientSession>> sessions)
    {
        reader.ReadArrayStart("sessions");
        while (reader.TryReadObjectStart($"sessions[{sessions.Count}]"))
        {
            sessions.Add(ReadSession(ref reader, $"sessions[{sessions.Count}]"));
        }
    }

    private static KeyValuePair<ClientSessionKey, ClientSession> ReadSession(ref StrictJsonReader reader, string path)
    {
        ClientSessionKey key = default;
        DateTimeOffset received = default, expires = default;
        byte[] ticket = [], sessionId = [], state = [];
        var seen = 0;
        try
        {
            while (reader.TryReadProperty(path, s_sessionNames, ref seen, out var property))
            {
                var place = $"{path}.{s_sessionNames[property]}";
                switch (s_sessionNames[property])
                {
                    case "for":
                        key = ReadKey(ref reader, place);
                        break;
                    case "received":
                        received = reader.ReadTime(place);
                        break;
                    case "expires":
                        expires = reader.ReadTime(place);
                        break;
                    case "ticket":
                        ticket = reader.ReadBase64(place, ushort.MaxValue);
                        break;
                    case "sessionId":
                        sessionId = reader.ReadBase64(place, SessionIdService.MaxSessionIdLength);
                        break;
                    default:
                        state = reader.ReadBase64(place, MaxStateLength);
                        break;
                }
            }

            StrictJsonReader.Require(path, s_sessionNames, seen, RequiredOfSession);
            return KeyValuePair.Create(key, Assemble(path, state, ticket, sessionId, received, expires));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(state);
        }
    }

    private static ClientSessionKey ReadKey(ref StrictJsonReader reader, string path) =>
        ClientSessionKey.TryParse(reader.ReadString(path), out var key) ? key : throw new StoredFormatException(path, "64 hexadecimal digits are expected");

    private static ClientSession Assemble(
        string path, ReadOnlySpan<byte> state, byte[] ticket, byte[] sessionId, DateTimeOffset received, DateTimeOffset expires)
    {
        if (ticket.Length == 0 && sessionId.Length == 0)
        {
            throw new StoredFormatException(path, "neither a ticket nor a session ID");
        }

        if (expires > ClientSession.ExpiryOf(received, uint.MaxValue))
        {
            throw new StoredFormatException($"{path}.expires", "more than 7 days after it was received");
        }

        return new ClientSession(ReadState($"{path}.state", state), ticket, sessionId, received, expires);
    }

    private static SessionState ReadState(string path, ReadOnlySpan<byte> bytes)
    {
        switch (SessionStateCodec.TryRead(bytes, out var state))
        {
            case TicketRefusal.None:
                break;
            case TicketRefusal.UnknownFormat:
                throw new StoredFormatException(path, "of a format that this version does not read");
            case TicketRefusal.CipherSuite:
                throw new StoredFormatException(path, "for a cipher suite that this version does not know");
            default:
                throw new StoredFormatException(path, "not a session state");
        }

        if (!state!.PeerChain.Prepend(state.PeerCertificate).OfType<byte[]>().All(StoredCertificate.IsReadable))
        {
            state.Dispose();
            throw new StoredFormatException(path, "one of its certificates is not a DER-encoded X.509 certificate");
        }

        return state;
    }
}
