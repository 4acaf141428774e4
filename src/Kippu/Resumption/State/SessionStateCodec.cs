using System.Text;
using System.Text.Unicode;
using Kippu.Crypto;
using Kippu.Wire;

namespace Kippu.Resumption;

/// <summary>
/// A session as bytes (docs/ticket-format.md, "State"). The first byte is the number of the format: a release writes format N and reads N and N-1, so
/// that the nodes of a fleet can be upgraded, and taken back, one by one. Format 1 is the first: nothing stands before it.
/// </summary>
/// <remarks>
/// <code>
/// struct {
///     uint8  format;                            /* 1 */
///     uint8  flags;                             /* bit 0: extended master secret; the others are 0 */
///     ProtocolVersion version;
///     CipherSuite cipher_suite;
///     opaque secret&lt;32..48&gt;;
///     opaque scope&lt;0..32&gt;;                     /* 32 bytes on a server, empty on a client */
///     opaque server_name&lt;0..2^16-1&gt;;           /* empty: none */
///     opaque application_protocol&lt;0..255&gt;;     /* empty: none */
///     uint64 original_handshake;                /* milliseconds since 1970 */
///     uint64 issued;                            /* the same */
///     uint32 lifetime;                          /* milliseconds */
///     uint32 age_add;
///     uint32 max_early_data_size;
///     uint8  peer_verification;
///     ASN.1Cert certificate_list&lt;0..2^24-1&gt;;   /* the peer's first; empty: none */
///     opaque application_data&lt;0..2^16-1&gt;;
/// } State;
/// </code>
/// </remarks>
internal static class SessionStateCodec
{
    /// <summary>The format that is written.</summary>
    public const int FormatVersion = 1;

    /// <summary>The longest state that goes into a ticket or into a session cache. A session that needs more gets neither.</summary>
    public const int MaxSealedLength = 16_000 - 1;

    private const int FirstFormat = 1;
    private const int MaxSealedChainLength = 4096;
    private const byte FlagExtendedMasterSecret = 1;
    private const int MasterSecretLength = 48;

    private static readonly List<byte[]> s_none = [];

    /// <summary>True for the formats that this release reads: N and N-1.</summary>
    public static bool CanRead(int format) => format is >= FirstFormat and >= FormatVersion - 1 and <= FormatVersion;

    /// <summary>Writes the session as it is, with all its certificates: for the client's own export.</summary>
    public static void Write(TlsWriter writer, SessionState state) =>
        Write(writer, state, new SessionStamp(state.Issued, state.Lifetime, state.ScopeDigest), withChain: true);

    /// <summary>Writes the session with a new stamp, to be sealed; the peer's chain is left out when it is too long. False if the session is too long even so.</summary>
    public static bool TryWriteForSealing(WireBuffer buffer, SessionState state, in SessionStamp stamp)
    {
        var start = buffer.Length;
        if (LengthOfUnbounded(state) > MaxSealedLength)
        {
            return false;
        }

        Write(new TlsWriter(buffer), state, stamp, withChain: state.PeerChain.Sum(static der => der.Length) <= MaxSealedChainLength);
        if (buffer.Length - start <= MaxSealedLength)
        {
            return true;
        }

        buffer.Truncate(start);
        return false;
    }

    /// <summary>
    /// Reads a session. <see cref="TicketRefusal.None"/> if it could be read; <see cref="TicketRefusal.Malformed"/>,
    /// <see cref="TicketRefusal.UnknownFormat"/> or <see cref="TicketRefusal.CipherSuite"/> (a suite that this release does not know) if not. Never throws.
    /// </summary>
    public static TicketRefusal TryRead(ReadOnlySpan<byte> source, out SessionState? state)
    {
        state = null;
        if (source.IsEmpty)
        {
            return TicketRefusal.Malformed;
        }

        return CanRead(source[0]) ? ReadFormat1(source[1..], out state) : TicketRefusal.UnknownFormat;
    }

    private static int LengthOfUnbounded(SessionState state) =>
        (state.PeerCertificate?.Length ?? 0) + state.ApplicationData.Length + (state.ServerName?.Length ?? 0);

    private static void Write(TlsWriter writer, SessionState state, in SessionStamp stamp, bool withChain)
    {
        writer.WriteUInt8(FormatVersion);
        writer.WriteUInt8(state.ExtendedMasterSecret ? FlagExtendedMasterSecret : (byte)0);
        writer.WriteUInt16((ushort)state.Version);
        writer.WriteUInt16((ushort)state.Suite.Id);
        writer.WriteVector8(state.Secret.Span);
        writer.WriteVector8(stamp.ScopeDigest);
        WriteText(writer, state.ServerName ?? "");
        writer.WriteVector8(state.ApplicationProtocol);
        writer.WriteUInt64(Milliseconds(state.OriginalHandshake));
        writer.WriteUInt64(Milliseconds(stamp.Issued));
        writer.WriteUInt32((uint)(stamp.Lifetime.Ticks / TimeSpan.TicksPerMillisecond));
        writer.WriteUInt32(state.AgeAdd);
        writer.WriteUInt32(state.MaxEarlyData);
        writer.WriteUInt8((byte)state.PeerVerification);
        WriteCertificates(writer, state, withChain);
        writer.WriteVector16(state.ApplicationData);
    }

    private static ulong Milliseconds(DateTimeOffset time) => (ulong)RingTime.Truncate(time).ToUnixTimeMilliseconds();

    private static void WriteText(TlsWriter writer, string text)
    {
        Span<byte> utf8 = text.Length <= 256 ? stackalloc byte[3 * 256] : new byte[3 * text.Length];
        writer.WriteVector16(utf8[..Encoding.UTF8.GetBytes(text, utf8)]);
    }

    private static void WriteCertificates(TlsWriter writer, SessionState state, bool withChain)
    {
        using (writer.Vector24())
        {
            if (state.PeerCertificate is null)
            {
                return;
            }

            writer.WriteVector24(state.PeerCertificate);
            if (withChain)
            {
                foreach (var der in state.PeerChain)
                {
                    writer.WriteVector24(der);
                }
            }
        }
    }

    private static TicketRefusal ReadFormat1(ReadOnlySpan<byte> source, out SessionState? state)
    {
        state = null;
        var reader = new StateReader(source);
        var flags = reader.ReadUInt8();
        var version = (TlsVersion)reader.ReadUInt16();
        var suite = CipherSuite.Find(reader.ReadUInt16());
        var secret = reader.ReadVector8();
        var scope = reader.ReadVector8();
        var serverName = reader.ReadVector16();
        var applicationProtocol = reader.ReadVector8();
        var original = ReadTime(ref reader);
        var issued = ReadTime(ref reader);
        var lifetime = TimeSpan.FromMilliseconds(reader.ReadUInt32());
        var ageAdd = reader.ReadUInt32();
        var maxEarlyData = reader.ReadUInt32();
        var verification = (PeerVerification)reader.ReadUInt8();
        var certificates = ReadCertificates(reader.ReadVector24());
        var applicationData = reader.ReadVector16();

        if (!reader.IsSound || !reader.IsEmpty || certificates is null
            || flags > FlagExtendedMasterSecret
            || version is not (TlsVersion.Tls12 or TlsVersion.Tls13)
            || scope.Length is not (0 or SessionScope.Length)
            || verification > PeerVerification.Overruled
            || !Utf8.IsValid(serverName))
        {
            return TicketRefusal.Malformed;
        }

        if (suite is null)
        {
            return TicketRefusal.CipherSuite;
        }

        if (suite.Version != version || secret.Length != (version == TlsVersion.Tls12 ? MasterSecretLength : suite.HashLength))
        {
            return TicketRefusal.Malformed;
        }

        state = new SessionState
        {
            Version = version,
            Suite = suite,
            Secret = SecretBytes.CopyOf(secret),
            ExtendedMasterSecret = flags == FlagExtendedMasterSecret,
            ServerName = serverName.IsEmpty ? null : Encoding.UTF8.GetString(serverName),
            ApplicationProtocol = applicationProtocol.ToArray(),
            OriginalHandshake = original,
            Issued = issued,
            Lifetime = lifetime,
            AgeAdd = ageAdd,
            MaxEarlyData = maxEarlyData,
            ScopeDigest = scope.ToArray(),
            PeerCertificate = certificates.Count > 0 ? certificates[0] : null,
            PeerChain = certificates.Count > 1 ? certificates.GetRange(1, certificates.Count - 1) : [],
            PeerVerification = verification,
            ApplicationData = applicationData.ToArray(),
        };
        return TicketRefusal.None;
    }

    private static DateTimeOffset ReadTime(ref StateReader reader)
    {
        var milliseconds = reader.ReadUInt64();
        if (milliseconds > (ulong)RingTime.Latest.ToUnixTimeMilliseconds())
        {
            reader.Fail();
            return default;
        }

        return DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds);
    }

    /// <summary>Null if the list is malformed.</summary>
    private static List<byte[]>? ReadCertificates(ReadOnlySpan<byte> list)
    {
        if (list.IsEmpty)
        {
            return s_none;
        }

        var certificates = new List<byte[]>();
        var reader = new StateReader(list);
        while (!reader.IsEmpty)
        {
            var der = reader.ReadVector24();
            if (!reader.IsSound || der.IsEmpty)
            {
                return null;
            }

            certificates.Add(der.ToArray());
        }

        return certificates;
    }
}
