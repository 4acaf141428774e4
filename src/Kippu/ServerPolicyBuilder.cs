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
        var services = new ScopeServices(options.Tickets, options.SessionCache, options.TimeProvider);
        try
        {
            return Build(options, services);
        }
        catch
        {
            services.Dispose();
            throw;
        }
    }

    /// <summary>A host made later, for a server that exists.</summary>
    public static HostPolicy BuildHost(TlsHostOptions options, ServerPolicy server)
    {
        CheckIsHost(options, "CreateHost");
        return BuildHost(options, options.ScopeName ?? server.ScopeName, server.Services, "the host");
    }

    private static ServerPolicy Build(TlsServerOptions options, ScopeServices services)
    {
        var suites = Preferences.CipherSuites(options.CipherSuites);
        var defaultHost = BuildHost(options, options.ScopeName, services, "the default host");
        return new ServerPolicy
        {
            Environment = new ConnectionEnvironment(options.TimeProvider, options.Observer, options.KeyLog, Preferences.RecordSizeLimit(options.RecordSizeLimit)),
            Versions = Preferences.Versions(options.Protocols, suites),
            CipherSuites = suites,
            Groups = Preferences.Groups(options.Groups),
            SignatureSchemes = Preferences.SignatureSchemes(options.SignatureSchemes),
            RequireExtendedMasterSecret = options.RequireExtendedMasterSecret,
            EarlyData = EarlyData(options, services),
            TicketsPerFullHandshake = TicketCount(options.Tickets.PerFullHandshake, nameof(TicketOptions.PerFullHandshake)),
            TicketsPerResumption = TicketCount(options.Tickets.PerResumption, nameof(TicketOptions.PerResumption)),
            Hosts = new HostTable(defaultHost, BuildHosts(options, services), options.RejectUnknownServerNames),
            HostSelector = options.HostSelector,
            Services = services,
            ScopeName = options.ScopeName,
        };
    }

    private static NameTable<HostPolicy> BuildHosts(TlsServerOptions options, ScopeServices services)
    {
        var hosts = new Dictionary<string, HostPolicy>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, host) in options.Hosts)
        {
            var where = $"Hosts[\"{name}\"]";
            CheckIsHost(host, where);
            if (!HostNames.TryNormalizePattern(name, out var pattern))
            {
                throw new ArgumentException($"{where}: neither a host name nor *. and a host name");
            }

            if (!hosts.TryAdd(pattern, BuildHost(host, host.ScopeName ?? options.ScopeName, services, where)))
            {
                throw new ArgumentException($"{where}: '{pattern}' stands in Hosts twice");
            }
        }

        return new NameTable<HostPolicy>(hosts.Select(pair => (pair.Key, pair.Value)));
    }

    private static HostPolicy BuildHost(TlsHostOptions options, string? scopeName, ScopeServices services, string where)
    {
        if (options.Credentials.Count == 0)
        {
            throw new ArgumentException($"Credentials of {where}: a server needs at least one certificate with its key (TlsCredential.FromPemFile, for instance)");
        }

        if (services.KeysComeFromOutside && string.IsNullOrEmpty(scopeName))
        {
            throw new ArgumentException(
                $"ScopeName of {where}: name the application's sessions when their keys come from a ring or a protector, so that no other service with those keys resumes them");
        }

        var protocols = Preferences.ApplicationProtocols(options.ApplicationProtocols, $"ApplicationProtocols of {where}");
        var verifier = new CertificateVerifier(options.ClientVerification);
        var scope = new SessionScope(new ScopePolicy
        {
            Name = scopeName ?? "",
            ClientCertificates = options.ClientCertificate,
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
            ApplicationProtocols = protocols,
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

        if (options is { HostSelector: not null, RejectUnknownServerNames: true })
        {
            throw new ArgumentException("RejectUnknownServerNames: with a HostSelector no name is unknown, it is asked for each; give one of the two");
        }
    }

    private static int TicketCount(int count, string option) => count is >= 0 and <= 8
        ? count
        : throw new ArgumentException($"Tickets.{option}: {count} is not within 0..8");

    private static EarlyDataPolicy EarlyData(TlsServerOptions options, ScopeServices services)
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

        // A guard in this process's memory is no more shared with other nodes than none at all.
        if (early is { MaxSize: > 0, ReplayGuard: null or MemoryReplayGuard, ReplayScope: ReplayScope.Fleet } && services.KeysComeFromOutside)
        {
            throw new ArgumentException(
                "EarlyData: other nodes may have the keys of the tickets, so early data accepted here can be replayed there; give a ReplayGuard that they share, or say ReplayScope.PerNode");
        }

        // RFC 8446 §8.2: "When implementations are freshly started, they SHOULD reject 0-RTT as long as any portion of their recording window overlaps the startup time."
        if (early.ReplayGuard is MemoryReplayGuard own && own.Window < early.FreshnessWindow)
        {
            throw new ArgumentException(
                $"EarlyData.ReplayGuard: its window of {own.Window} is shorter than the FreshnessWindow of {early.FreshnessWindow}, so what was accepted just before it began could be replayed");
        }

        var guard = early.ReplayGuard ?? new MemoryReplayGuard(early.FreshnessWindow, timeProvider: options.TimeProvider);
        return new EarlyDataPolicy(early.MaxSize, early.FreshnessWindow, guard);
    }

    /// <summary>A whole server's options as a host would lose most of what they say.</summary>
    private static void CheckIsHost(TlsHostOptions options, string where)
    {
        if (options is TlsServerOptions)
        {
            throw new ArgumentException(
                $"{where}: a TlsServerOptions is a whole server's, and its suites, tickets, cache, clock and other members beyond a host's would mean nothing here; give a TlsHostOptions");
        }
    }
}
