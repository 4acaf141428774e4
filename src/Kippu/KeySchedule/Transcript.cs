using System.Security.Cryptography;
using Kippu.Crypto;
using Kippu.Wire;

namespace Kippu.KeySchedule;

/// <summary>
/// The handshake messages of a connection, headers included, and the hash over them (RFC 5246 §7.4.9). Which hash is known only once the suite is
/// chosen, so messages are gathered first; and they are hashed in one piece when the hash is asked for.
/// </summary>
/// <remarks>Not thread-safe. The memory is rented, and cleared before it is given back.</remarks>
internal sealed class Transcript : IDisposable
{
    private WireBuffer? _messages = new(1024);
    private RunningHash? _hash;
    private int _hashed;
    private bool _keepMessages;
    private bool _letGo;
    private bool _disposed;

    /// <summary>Whether a hash has been selected.</summary>
    public bool HasHash => _hash is not null;

    /// <summary>The length of the hash in bytes.</summary>
    public int HashLength => Hash.Length;

    /// <summary>
    /// Keep the messages themselves, for the CertificateVerify of TLS 1.2, whose signature is over messages and not over a hash that is at hand
    /// (RFC 5246 §7.4.8). Set it before the first <see cref="CurrentHash"/>; off by default.
    /// </summary>
    /// <exception cref="InvalidOperationException">Messages have been let go already.</exception>
    public bool KeepMessages
    {
        get => _keepMessages;
        set
        {
            if (value && _letGo)
            {
                throw new InvalidOperationException("the transcript has let its messages go already");
            }

            _keepMessages = value;
        }
    }

    /// <summary>All messages so far; they are kept until <see cref="ForgetMessages"/>. Valid until the next <see cref="Append"/>.</summary>
    /// <exception cref="InvalidOperationException"><see cref="KeepMessages"/> is off.</exception>
    public ReadOnlySpan<byte> Messages =>
        _keepMessages ? Buffer.Written : throw new InvalidOperationException("the transcript does not keep its messages");

    private WireBuffer Buffer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _messages ??= new WireBuffer(1024);
        }
    }

    private RunningHash Hash => _hash ?? throw new InvalidOperationException("the transcript's hash is not known yet");

    /// <summary>Adds one handshake message (or several) with its header.</summary>
    public void Append(ReadOnlySpan<byte> message) => message.CopyTo(Buffer.Reserve(message.Length));

    /// <summary>The suite is chosen: this is its hash.</summary>
    /// <exception cref="InvalidOperationException">A hash has been selected already.</exception>
    public void SelectHash(HashAlgorithmName hash)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_hash is not null)
        {
            throw new InvalidOperationException("the transcript's hash is selected once");
        }

        _hash = new RunningHash(hash);
    }

    /// <summary>The hash over all messages so far, without ending it. Returns its length.</summary>
    public int CurrentHash(Span<byte> destination)
    {
        HashPending();
        return Hash.GetCurrentHash(destination);
    }

    /// <summary>Lets the messages go; the hash goes on.</summary>
    public void ForgetMessages()
    {
        _keepMessages = false;
        if (_hash is not null)
        {
            HashPending();
        }
    }

    public void Dispose()
    {
        _disposed = true;
        _messages?.Dispose();
        _messages = null;
        _hash?.Dispose();
        _hash = null;
    }

    private void HashPending()
    {
        var buffer = Buffer;
        if (buffer.Length > _hashed)
        {
            Hash.Append(buffer.Written[_hashed..]);
        }

        if (_keepMessages)
        {
            _hashed = buffer.Length;
        }
        else
        {
            _letGo |= buffer.Length > 0;
            buffer.Clear();
            _hashed = 0;
        }
    }
}
