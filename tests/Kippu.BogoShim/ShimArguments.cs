namespace Kippu.BogoShim;

/// <summary>What the runner asks for.</summary>
internal sealed class ShimArguments
{
    private const string OnInitial = "on-initial-", OnResume = "on-resume-", OnRetry = "on-retry-", OnShim = "on-shim-", OnHandshaker = "on-handshaker-";

    /// <summary>Flags with a value that Kippu has the means for. Every other flag skips the test.</summary>
    private static readonly HashSet<string> s_withValue =
    [
        "port", "shim-id", "trust-cert", "resume-count", "cert-file", "key-file", "handshaker-path", "min-version", "max-version", "curves", "host-name",
        "advertise-alpn", "select-alpn", "expect-alpn", "expect-advertised-alpn", "expect-version", "expect-curve-id", "expect-cipher", "expect-cipher-aes",
        "expect-cipher-no-aes", "expect-server-name", "expect-total-renegotiations", "read-size", "max-send-fragment", "export-keying-material", "export-label",
        "export-context", "expect-msg-callback", "resumption-delay", "expect-early-data-reason", "expect-peer-cert-file", "signing-prefs", "verify-prefs",
        "expect-peer-signature-algorithm", "ocsp-response", "signed-cert-timestamps", "expect-ocsp-response", "expect-signed-cert-timestamps", "expect-selected-credential",
    ];

    private static readonly HashSet<string> s_withoutValue =
    [
        "ipv6", "server", "no-tls1", "no-tls11", "no-tls12", "no-tls13", "expect-hrr", "expect-no-hrr", "expect-no-server-name", "server-preference",
        "expect-extended-master-secret", "expect-secure-renegotiation", "forbid-renegotiation-after-handshake", "decline-alpn", "reject-alpn", "async",
        "implicit-handshake", "shim-writes-first", "read-with-unfinished-write", "shim-shuts-down", "check-close-notify", "key-update", "handshake-twice",
        "no-op-extra-handshake", "handshake-never-done", "use-export-context", "permute-extensions", "expect-session-miss", "no-ticket", "expect-session-id",
        "expect-no-session-id", "expect-no-session", "expect-ticket-renewal", "use-ticket-callback", "use-ticket-aead-callback", "renew-ticket", "skip-ticket",
        "enable-early-data", "expect-ticket-supports-early-data", "expect-accept-early-data", "expect-reject-early-data", "expect-no-offer-early-data",
        "verify-peer", "require-any-client-certificate", "verify-fail", "use-custom-verify-callback", "expect-verify-result", "new-x509-credential", "must-match-issuer", "use-ocsp-callback", "set-ocsp-in-callback", "decline-ocsp-callback",
        "enable-ocsp-stapling", "enable-signed-cert-timestamps", "use-early-callback", "use-old-client-cert-callback", "install-ddos-callback",
    ];

    private ShimArguments()
    {
    }

    public FlagSet Initial { get; } = new();

    public FlagSet Resume { get; } = new();

    public FlagSet Retry { get; } = new();

    public bool IsServer => Initial.Has("server");

    public int Connections => 1 + (Initial.Int("resume-count") ?? 0);

    public static ShimArguments Parse(string[] args)
    {
        var parsed = new ShimArguments();
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i].StartsWith('-') ? args[i][1..] : throw new UnimplementedException(args[i]);
            var isForHandshaker = TakePrefix(ref name, OnHandshaker);
            TakePrefix(ref name, OnShim);
            var targets = parsed.TargetsOf(ref name);
            if (s_withValue.Contains(name))
            {
                AddTo(isForHandshaker ? [] : targets, name, i + 1 < args.Length ? args[++i] : throw new UnimplementedException($"{args[i]} without a value"));
            }
            else if (s_withoutValue.Contains(name))
            {
                AddTo(isForHandshaker ? [] : targets, name, "");
            }
            else
            {
                throw new UnimplementedException(args[i]);
            }
        }

        return parsed;
    }

    public static SignatureScheme Scheme(ushort number) =>
        Enum.IsDefined((SignatureScheme)number) ? (SignatureScheme)number : throw new UnimplementedException($"signature scheme 0x{number:x4}");

    private FlagSet[] TargetsOf(ref string name) =>
        TakePrefix(ref name, OnInitial) ? [Initial]
        : TakePrefix(ref name, OnResume) ? [Resume]
        : TakePrefix(ref name, OnRetry) ? [Retry]
        : [Initial, Resume, Retry];

    private static bool TakePrefix(ref string name, string prefix)
    {
        if (!name.StartsWith(prefix, StringComparison.Ordinal))
        {
            return false;
        }

        name = name[prefix.Length..];
        return true;
    }

    private static void AddTo(FlagSet[] targets, string name, string value)
    {
        foreach (var target in targets)
        {
            target.Add(name, value);
        }
    }
}
