using System.Buffers.Binary;
using System.Security.Cryptography;
using Kippu.Crypto;
using Kippu.Wire;

namespace Kippu.Resumption;

/// <summary>
/// What is derived from one ring key for one purpose, version and scope: the tag that stands in the name, and the keys of the cipher and of the MAC. Each
/// is HKDF-Expand (RFC 5869) of the ring key's secret under a label of its own, the version and the scope: a ticket cannot be opened under another scope
/// or version, because the keys are others.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class SealingKeys : IDisposable
{
    private const int KeyLength = 32;

    private readonly Lock _lock = new();
    private readonly Stack<Worker> _idle = new();
    private readonly SecretBytes _cipherKey = new(KeyLength);
    private readonly SecretBytes _macKey = new(KeyLength);
    private bool _disposed;

    /// <param name="secret">The caller owns it.</param>
    /// <param name="purpose">What is sealed.</param>
    /// <param name="version">The version of TLS.</param>
    /// <param name="scope">The scope.</param>
    public SealingKeys(TicketKeySecret secret, SealingPurpose purpose, TlsVersion version, SessionScope scope)
    {
        Expand(secret, purpose == SealingPurpose.Ticket ? "kippu 1 ticket cipher"u8 : "kippu 1 session cipher"u8, version, scope, _cipherKey.Span);
        Expand(secret, purpose == SealingPurpose.Ticket ? "kippu 1 ticket mac"u8 : "kippu 1 session mac"u8, version, scope, _macKey.Span);
    }

    /// <summary>The second half of the name: it tells which version and scope a ticket is for, to those who hold the ring key.</summary>
    public static ulong DeriveTag(TicketKeySecret secret, SealingPurpose purpose, TlsVersion version, SessionScope scope)
    {
        Span<byte> tag = stackalloc byte[sizeof(ulong)];
        Expand(secret, purpose == SealingPurpose.Ticket ? "kippu 1 ticket tag"u8 : "kippu 1 session tag"u8, version, scope, tag);
        return BinaryPrimitives.ReadUInt64BigEndian(tag);
    }

    /// <summary>A cipher and a MAC for one thread, to be returned; null once the keys have been disposed.</summary>
    public Worker? Rent()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return null;
            }

            return _idle.TryPop(out var worker) ? worker : new Worker(_cipherKey.Span, _macKey.Span);
        }
    }

    public void Return(Worker worker)
    {
        lock (_lock)
        {
            if (!_disposed && _idle.Count < Environment.ProcessorCount)
            {
                _idle.Push(worker);
                return;
            }
        }

        worker.Dispose();
    }

    /// <summary>Clears the keys. Workers that are out are cleared when they come back.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _cipherKey.Dispose();
            _macKey.Dispose();
            while (_idle.TryPop(out var worker))
            {
                worker.Dispose();
            }
        }
    }

    private static void Expand(TicketKeySecret secret, ReadOnlySpan<byte> label, TlsVersion version, SessionScope scope, Span<byte> destination)
    {
        // struct { opaque label<0..255>; ProtocolVersion version; opaque scope[32]; } info;
        Span<byte> info = stackalloc byte[1 + byte.MaxValue + sizeof(ushort) + SessionScope.Length];
        info[0] = (byte)label.Length;
        label.CopyTo(info[1..]);
        BinaryPrimitives.WriteUInt16BigEndian(info[(1 + label.Length)..], (ushort)version);
        scope.Digest.CopyTo(info[(3 + label.Length)..]);
        Hkdf.Expand(HashAlgorithmName.SHA256, secret.Span, info[..(3 + label.Length + SessionScope.Length)], destination);
    }

    /// <summary>Objects whose keys are set up; for one thread at a time.</summary>
    internal sealed class Worker(ReadOnlySpan<byte> cipherKey, ReadOnlySpan<byte> macKey) : IDisposable
    {
        public AesCbc Cipher { get; } = new(cipherKey);

        public HmacKey Mac { get; } = new(HashAlgorithmName.SHA256, macKey);

        public void Dispose()
        {
            Cipher.Dispose();
            Mac.Dispose();
        }
    }
}
