using Kippu.Alerts;
using Kippu.Wire.Extensions;

namespace Kippu.Wire.Messages;

/// <summary>
/// What may differ between the ClientHello that a HelloRetryRequest answers and the one that answers it (RFC 8446 §4.1.2): "the client MUST send the same
/// ClientHello without modification, except as follows". Extensions that are not known here are not compared: they may have rules of their own.
/// </summary>
internal static class SecondClientHello
{
    /// <summary>Nobody offers more tickets than this; looking no further bounds the work that a hello can make.</summary>
    private const int MostIdentitiesCompared = 16;

    /// <exception cref="TlsFaultException"><see cref="TlsFault.IllegalParameter"/>: something changed that may not, or stayed that may not.</exception>
    public static void Check(ClientHello first, HelloRetryRequest request, ClientHello second)
    {
        Insist(first.LegacyVersion == second.LegacyVersion, "legacy_version");
        Insist(PublicBytes.AreEqual(first.Random.Span, second.Random.Span), "random");
        Insist(PublicBytes.AreEqual(first.SessionId.Span, second.SessionId.Span), "legacy_session_id");
        Insist(PublicBytes.AreEqual(first.CipherSuites.Raw, second.CipherSuites.Raw), "cipher_suites");
        Insist(PublicBytes.AreEqual(first.CompressionMethods.Span, second.CompressionMethods.Span), "legacy_compression_methods");
        CheckFixedExtensions(first, second);
        CheckKeyShare(first, request, second);
        CheckCookie(request, second);
        CheckPreSharedKeys(first, second);

        // "Removing the "early_data" extension (Section 4.2.10) if one was present. Early data is not permitted after a HelloRetryRequest."
        Insist(!second.EarlyData, "early_data: it is not allowed any more");
    }

    private static bool IsFixed(ExtensionType type) => Enum.IsDefined(type)
        && type is not (ExtensionType.KeyShare or ExtensionType.EarlyData or ExtensionType.Cookie or ExtensionType.PreSharedKey or ExtensionType.Padding);

    private static void CheckFixedExtensions(ClientHello first, ClientHello second)
    {
        var before = new ExtensionReader(first.ExtensionBlock, stackalloc ushort[ExtensionTypeSet.ScratchLength]);
        var after = new ExtensionReader(second.ExtensionBlock, stackalloc ushort[ExtensionTypeSet.ScratchLength]);
        while (true)
        {
            var expected = NextFixed(ref before, out var type, out var data);
            var found = NextFixed(ref after, out var secondType, out var secondData);
            if (!expected && !found)
            {
                return;
            }

            var name = IanaNames.Extension((ushort)(expected ? type : secondType));
            Insist(expected && found && type == secondType && PublicBytes.AreEqual(data.Span, secondData.Span), name);
        }
    }

    private static bool NextFixed(ref ExtensionReader reader, out ExtensionType type, out ReadOnlyMemory<byte> data)
    {
        while (reader.TryNext(out type, out data))
        {
            if (IsFixed(type))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// "If a "key_share" extension was supplied in the HelloRetryRequest, replacing the list of shares with a list containing a single KeyShareEntry from the
    /// indicated group."
    /// </summary>
    private static void CheckKeyShare(ClientHello first, HelloRetryRequest request, ClientHello second)
    {
        if (request.SelectedGroup is { } group)
        {
            Insist(second.KeyShares is { Count: 1 } shares && shares.TryFind(group, out _), $"key_share: one share of {IanaNames.Group(group)} was asked for");
        }
        else
        {
            Insist(PublicBytes.AreEqual(RawShares(first), RawShares(second)) && first.KeyShares is null == second.KeyShares is null, "key_share");
        }
    }

    private static ReadOnlySpan<byte> RawShares(ClientHello hello) => hello.KeyShares is { } shares ? shares.Raw : default;

    /// <summary>"Including a "cookie" extension if one was provided in the HelloRetryRequest."</summary>
    private static void CheckCookie(HelloRetryRequest request, ClientHello second) =>
        Insist(
            request.Cookie is { } cookie ? second.Cookie is { } echo && PublicBytes.AreEqual(cookie.Span, echo.Span) : second.Cookie is null,
            "cookie: it is not that of the HelloRetryRequest");

    /// <summary>
    /// "Updating the "pre_shared_key" extension if present by recomputing the "obfuscated_ticket_age" and binder values and (optionally) removing any PSKs
    /// which are incompatible with the server's indicated cipher suite."
    /// </summary>
    private static void CheckPreSharedKeys(ClientHello first, ClientHello second)
    {
        // Comparing every pair is work that a peer could make us do; only the first few are looked at in any case, and the second hello's binder counts.
        if (second.PreSharedKeys is not { } after || first.PreSharedKeys is { Count: > MostIdentitiesCompared })
        {
            return;
        }

        var next = 0;
        for (var i = 0; i < Math.Min(after.Count, MostIdentitiesCompared); i++)
        {
            next = FindIdentity(first.PreSharedKeys, after.Identity(i).Identity.Span, next) + 1;
            Insist(next > 0, "pre_shared_key: an identity is new, or out of order");
        }
    }

    /// <summary>The index of the identity, from <paramref name="start"/> on; -1 if it is not there.</summary>
    private static int FindIdentity(OfferedPsks? offered, ReadOnlySpan<byte> identity, int start)
    {
        for (var i = start; offered is { } psks && i < Math.Min(psks.Count, MostIdentitiesCompared); i++)
        {
            if (PublicBytes.AreEqual(psks.Identity(i).Identity.Span, identity))
            {
                return i;
            }
        }

        return -1;
    }

    private static void Insist(bool holds, string field)
    {
        if (!holds)
        {
            throw new TlsFaultException(TlsFault.IllegalParameter, $"second ClientHello: {field}: it differs from what the first allows");
        }
    }
}
