using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kippu.Crypto;
using Kippu.Resumption;
using Kippu.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Kippu.Tests.Resumption;

/// <summary>Sessions, scopes and rings as most tests want them.</summary>
internal static class Sample
{
    public static DateTimeOffset Start { get; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static CipherSuite Suite { get; } = CipherSuite.Find(0xC02B)!;

    public static TimeSpan Minute { get; } = TimeSpan.FromMinutes(1);

    public static TimeSpan Hour { get; } = TimeSpan.FromHours(1);

    public static TimeSpan Day { get; } = TimeSpan.FromDays(1);

    public static FakeTimeProvider Clock() => new(Start);

    public static ScopePolicy Policy() => new() { Name = "shop" };

    public static SessionScope Scope(string name = "shop") => new(Policy() with { Name = name });

    public static byte[] MasterSecret() => [.. Enumerable.Range(1, 48).Select(i => (byte)i)];

    public static SessionState Session(
        DateTimeOffset? original = null,
        string? serverName = "www.example.com",
        byte[]? certificate = null,
        IReadOnlyList<byte[]>? chain = null,
        byte[]? applicationData = null,
        bool extendedMasterSecret = true,
        byte[]? secret = null) => new()
        {
            Version = TlsVersion.Tls12,
            Suite = Suite,
            Secret = SecretBytes.CopyOf(secret ?? MasterSecret()),
            ExtendedMasterSecret = extendedMasterSecret,
            ServerName = serverName,
            ApplicationProtocol = "h2"u8.ToArray(),
            OriginalHandshake = original ?? Start,
            PeerCertificate = certificate,
            PeerChain = chain ?? [],
            PeerVerification = certificate is null ? PeerVerification.NotVerified : PeerVerification.Verified,
            ApplicationData = applicationData ?? [],
        };

    public static TicketService Service(IRingSource ring, SessionScope? scope = null, Action<TicketOptions>? configure = null)
    {
        var options = new TicketOptions();
        configure?.Invoke(options);
        return new TicketService(options, scope ?? Scope(), ring);
    }

    /// <summary>A ticket issued at <paramref name="now"/>.</summary>
    public static byte[] Ticket(TicketService service, SessionState state, DateTimeOffset now)
    {
        using var buffer = new WireBuffer();
        return service.TrySeal(state, now, buffer, out _, out _) ? buffer.Written.ToArray() : throw new InvalidOperationException("no ticket");
    }

    public static byte[] Ticket(TicketService service, DateTimeOffset now)
    {
        using var state = Session(now);
        return Ticket(service, state, now);
    }

    /// <summary>The reason; the session, if there is one, is disposed.</summary>
    public static TicketRefusal Refusal(TicketService service, ReadOnlySpan<byte> ticket, DateTimeOffset now, TlsVersion version = TlsVersion.Tls12)
    {
        var opening = service.Open(ticket, version, now);
        opening.State?.Dispose();
        return opening.Refusal;
    }

    /// <summary>A ring with one key that seals from <see cref="Start"/> on.</summary>
    public static TicketKeyRing Ring(RotationSchedule? schedule = null) => TicketKeyRing.Create(Start, schedule);

    /// <summary>A ring of the keys given, in an epoch of its own.</summary>
    public static TicketKeyRing RingOf(params TicketKey[] keys) => new(1, 1, Start, Day, keys);

    public static TicketKey Key(double? activate = null, double? retire = null, double? erase = null, ulong? id = null, bool revoked = false) => new(
        id is { } number ? TicketKeyId.Parse(number.ToString("x16", null)) : TicketKeyId.NewRandom(),
        revoked ? null : TicketKeySecret.NewRandom(),
        Start,
        At(activate),
        At(retire),
        At(erase),
        revoked);

    public static byte[] Json(TicketKeyRing ring)
    {
        using var stream = new MemoryStream();
        ring.Save(stream);
        return stream.ToArray();
    }

    public static byte[] Certificate(DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=client", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(notBefore, notAfter);
        return certificate.RawData;
    }

    private static DateTimeOffset? At(double? hours) => hours is { } value ? Start + TimeSpan.FromHours(value) : null;
}
