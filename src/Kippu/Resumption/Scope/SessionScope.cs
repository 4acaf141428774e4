using Kippu.Resumption;
using Kippu.Wire;

namespace Kippu;

/// <summary>
/// A digest of the configured policy under which a session may be resumed. Keys of tickets and of cached sessions are derived under it, so a session
/// cannot be carried from one policy to another. Two nodes with the same configuration have the same scope, whatever machine they run on.
/// </summary>
/// <remarks>Immutable and thread-safe. Not a secret.</remarks>
public sealed class SessionScope : IEquatable<SessionScope>
{
    /// <summary>The length of the digest in bytes.</summary>
    public const int Length = 32;

    private readonly byte[] _digest;

    internal SessionScope(ScopePolicy policy)
    {
        _digest = new byte[Length];
        policy.ComputeDigest(_digest);
        ResumesClientCertificates = policy.ResumesClientCertificates;
    }

    /// <summary>The 32 bytes.</summary>
    public ReadOnlySpan<byte> Digest => _digest;

    /// <summary>False if client certificates are judged by a callback without an id: who knows what another process would say.</summary>
    internal bool ResumesClientCertificates { get; }

    /// <summary>True if both are the same policy.</summary>
    public bool Equals(SessionScope? other) => other is not null && PublicBytes.AreEqual(_digest, other._digest);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SessionScope);

    /// <inheritdoc/>
    public override int GetHashCode() => BitConverter.ToInt32(_digest);

    /// <summary>The digest in hexadecimal.</summary>
    public override string ToString() => Convert.ToHexStringLower(_digest);
}
