using Kippu.Certificates;
using Kippu.Handshake;
using Kippu.Resumption;

namespace Kippu;

/// <summary>From options to a policy: everything that can be wrong is said here, by the option's name, before the first connection.</summary>
internal static class ServerPolicyBuilder
{
    public static ServerPolicy Build(TlsServerOptions options)
    {
        Check(options);
        var suites = Preferences.CipherSuites(options.CipherSuites);
        var services = new ScopeServices(options.Tickets, options.SessionCache, options.TimeProvider);
        var defaultHost = BuildHost(options, options.ScopeName, services, "the default host");
        var hosts = options.Hosts.ToDictionary(
            pair => CheckName(pair.Key),
            pair => BuildHost(pair.Value, pair.Value.ScopeName ?? options.ScopeName, services, $"Hosts[\"{pair.Key}\"]"));
        return new ServerPolicy
        {
            Environment = new ConnectionEnvironment(options.TimeProvider, options.Observer, options.KeyLog, Preferences.RecordSizeLimit(options.RecordSizeLimit)),
            Versions = Preferences.Versions(options.Protocols, suites),
            CipherSuites = suites,
            Groups = Preferences.Groups(options.Groups),
            SignatureSchemes = Preferences.SignatureSchemes(options.SignatureSchemes),
            RequireExtendedMasterSecret = options.RequireExtendedMasterSecret,
            EarlyData = EarlyData(options),
            TicketsPerFullHandshake = TicketCount(options.Tickets.PerFullHandshake, nameof(TicketOptions.PerFullHandshake)),
            TicketsPerResumption = TicketCount(options.Tickets.PerResumption, nameof(TicketOptions.PerResumption)),
            Hosts = new HostTable(defaultHost, hosts, options.RejectUnknownServerNames),
            HostSelector = options.HostSelector,
            Services = services,
            ScopeName = options.ScopeName,
        };
    }

    /// <summary>A host made later, for a server that exists.</summary>
    public static HostPolicy BuildHost(TlsHostOptions options, ServerPolicy server) =>
        BuildHost(options, options.ScopeName ?? server.ScopeName, server.Services, "the host");

    private static HostPolicy BuildHost(TlsHostOptions options, string? scopeName, ScopeServices services, string where)
    {
        if (options.Credentials.Count == 0)
        {
            throw new ArgumentException($"Credentials of {where}: a server needs at least one certificate with its key (TlsCredential.FromPemFile, for instance)");
        }

        if (services.HasSharedRing && string.IsNullOrEmpty(scopeName))
        {
            throw new ArgumentException($"ScopeName of {where}: name the application's sessions when its keys come from a ring, so that no other service on that ring resumes them");
        }

        var verifier = new CertificateVerifier(options.ClientVerification);
        var scope = new SessionScope(new ScopePolicy
        {
            Name = scopeName ?? "",
            ClientCertificates = (ScopeClientCertificates)options.ClientCertificate,
            AnchorDigests = verifier.Policy.AnchorDigests,
            RevocationMode = verifier.Policy.Verification,
            HasCustomVerification = verifier.Policy.HasCustomVerification,
            CustomVerificationId = verifier.Policy.CustomVerificationId,
            PolicyVersion = options.PolicyVersion,
        });
        var (tickets, sessionIds) = services.For(scope);
        return new HostPolicy
        {
            Scope = scope,
            Credentials = new CredentialSet([.. options.Credentials]),
            ClientCertificate = options.ClientCertificate,
            ClientVerifier = verifier,
            AuthorityNames = verifier.Policy.AuthorityNames,
            ApplicationProtocols = [.. options.ApplicationProtocols],
            ResumesClientCertificates = !verifier.Policy.HasCustomVerification || verifier.Policy.CustomVerificationId is not null,
            Tickets = tickets,
            SessionIds = sessionIds,
        };
    }

    private static void Check(TlsServerOptions options)
    {
        if (options.HostSelector is not null && options.Hosts.Count > 0)
        {
            throw new ArgumentException("HostSelector: it replaces Hosts; give one of the two");
        }
    }

    private static int TicketCount(int count, string option) => count is >= 0 and <= 8
        ? count
        : throw new ArgumentException($"Tickets.{option}: {count} is not within 0..8");

    private static EarlyDataPolicy EarlyData(TlsServerOptions options)
    {
        var early = options.EarlyData;
        if (early.MaxSize < 0)
        {
            throw new ArgumentException($"EarlyData.MaxSize: {early.MaxSize} is negative; 0 turns early data off");
        }

        if (early.FreshnessWindow <= TimeSpan.Zero || early.FreshnessWindow > TimeSpan.FromMinutes(10))
        {
            throw new ArgumentException($"EarlyData.FreshnessWindow: {early.FreshnessWindow} is not within zero and 10 minutes");
        }

        if (early is { MaxSize: > 0, ReplayGuard: null, ReplayScope: ReplayScope.Fleet } && options.Tickets.Ring is not null)
        {
            throw new ArgumentException(
                "EarlyData: other nodes share the ring, so early data accepted here can be replayed there; give a ReplayGuard that they share, or say ReplayScope.PerNode");
        }

        var guard = early.ReplayGuard ?? new MemoryReplayGuard(early.FreshnessWindow, timeProvider: options.TimeProvider);
        return new EarlyDataPolicy(early.MaxSize, early.FreshnessWindow, guard);
    }

    private static string CheckName(string name)
    {
        var rest = name.StartsWith("*.", StringComparison.Ordinal) ? name[2..] : name;
        return rest.Length > 0 && !rest.Contains('*', StringComparison.Ordinal) && !rest.EndsWith('.')
            ? name
            : throw new ArgumentException($"Hosts: '{name}' is neither a host name nor *. and a host name");
    }
}
