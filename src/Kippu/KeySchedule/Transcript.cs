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
    private const int MaxHashLength = 64;
    private const int MessageHeaderLength = 4;

    private WireBuffer? _messages = new(1024);
    private RunningHash? _hash;
    private int _hashed;
    private bool _keepMessages;
    private bool _letGo;
    private bool _disposed;

    // The hash over all messages so far, once it was asked for: in TLS 1.3 the Finished of a client without a certificate covers what the keys of the
    // application data were derived from.
    private readonly byte[] _current = new byte[MaxHashLength];
    private bool _isCurrent;

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
    public void Append(ReadOnlySpan<byte> message)
    {
        message.CopyTo(Buffer.Reserve(message.Length));
        _isCurrent = false;
    }

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
        var length = HashLength;
        if (!_isCurrent)
        {
            HashPending();
            Hash.GetCurrentHash(_current);
            _isCurrent = true;
        }

        _current.AsSpan(0, length).CopyTo(destination);
        return length;
    }

    /// <summary>
    /// The hash over all messages so far and <paramref name="next"/>, whatever the hash of the suite may become: a client of TLS 1.3 needs it for its binders
    /// and its early data before the server has chosen. The transcript is left as it is. Returns the length.
    /// </summary>
    /// <param name="hash">Of the PSK that the client offers.</param>
    /// <param name="next">The beginning of the message that comes next, for a binder; or nothing.</param>
    /// <param name="destination">As long as the hash.</param>
    /// <exception cref="InvalidOperationException">The hash has been selected: <see cref="CurrentHash"/> is the one to ask.</exception>
    public int HashBeforeSelection(HashAlgorithmName hash, ReadOnlySpan<byte> next, Span<byte> destination)
    {
        if (_hash is not null)
        {
            throw new InvalidOperationException("the transcript's hash has been selected");
        }

        using var provisional = new RunningHash(hash);
        provisional.Append(Buffer.Written);
        provisional.Append(next);
        return provisional.GetCurrentHash(destination);
    }

    /// <summary>
    /// A HelloRetryRequest was sent or came: RFC 8446 §4.4.1: "the value of ClientHello1 is replaced with a special synthetic handshake message of handshake
    /// type "message_hash" containing Hash(ClientHello1)". Call it when the hash is selected and nothing but that hello is in.
    /// </summary>
    public void ReplaceByMessageHash()
    {
        HashPending();
        Span<byte> message = stackalloc byte[MessageHeaderLength + MaxHashLength];
        var length = Hash.GetCurrentHash(message[MessageHeaderLength..]);
        Hash.Restart();
        message[0] = (byte)HandshakeType.MessageHash;
        message[1] = 0;
        message[2] = 0;
        message[3] = (byte)length;
        Buffer.Clear();
        _hashed = 0;
        Append(message[..(MessageHeaderLength + length)]);
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
