using System.Numerics;

namespace Engine;

/// <summary>
/// The recording of a computation, in order, and the backward pass over it (reverse-mode differentiation on a Wengert list: R. E. Wengert,
/// 1964). Between <see cref="Record()"/> and the disposal of what it returns, operations of this thread on tensors that were computed from
/// a <see cref="Parameter{T}"/> are recorded, and their results are in the tape's memory, which the next recording reuses. Outside a
/// recording, operations only compute.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed partial class Tape<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int FewNodes = 64;

    [ThreadStatic]
    private static TapeScope<T>? t_scope;

    /// <summary>The number of recordings begun so far, on all threads.</summary>
    private static long s_begun;

    private readonly Arena<T> _arena = new();
    private readonly List<ParameterRead<T>> _reads = [];
    private readonly List<Tensor<T>> _inputs = [];
    private readonly List<int> _indices = [];
    private Node<T>[] _nodes = new Node<T>[FewNodes];
    private TapeScope<T>? _scope;
    private int _count, _stale, _thread, _isInUse;
    private long _number, _began;

    /// <summary>The tape that is current on this thread now, if any.</summary>
    internal static Tape<T>? Current => Scope?.Tape;

    /// <summary>Measures the time and memory of each operation, if it is set; change it between recordings.</summary>
    public TapeProfile? Profile { get; set; }

    /// <summary>The number of operations in the current or last recording.</summary>
    public int Count => _count;

    /// <summary>The operations of the current or last recording, in order.</summary>
    internal ReadOnlySpan<Node<T>> Nodes => _nodes.AsSpan(0, _count);

    /// <summary>The memory of the recording.</summary>
    internal Arena<T> Arena => _arena;

    /// <summary>The innermost scope of this thread that has not ended.</summary>
    private static TapeScope<T>? Scope
    {
        get
        {
            TapeScope<T>? scope = t_scope;
            return scope is null or { IsOpen: true } ? scope : DropEndedScopes();
        }
    }

    /// <summary>Begins a recording, which ends when the result is disposed. Tensors of the tape's previous recording expire.</summary>
    /// <exception cref="InvalidOperationException">
    /// This tape is already in use, on this thread or another: it is recording, evaluating, or its backward pass is running.
    /// </exception>
    public Recording Record() => Begin(records: true);

    /// <summary>
    /// Begins an evaluation: results are in the tape's memory as in a recording, so that a warm forward pass allocates nothing, but
    /// nothing is recorded. Tensors of the tape's previous recording expire.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// This tape is already in use, on this thread or another: it is recording, evaluating, or its backward pass is running.
    /// </exception>
    public Recording Evaluate() => Begin(records: false);

    private Recording Begin(bool records)
    {
        Claim(records ? nameof(Record) : nameof(Evaluate));
        (_stale, _count) = (_count, 0);
        _reads.Clear();
        _inputs.Clear();
        _indices.Clear();
        _backwardHasRun = false;
        if (_arena.Reclaim())
        {
            _nodes = new Node<T>[FewNodes];
            _stale = 0;
        }
        _arena.IsRecording = records;
        Profile?.Mark();
        _thread = Environment.CurrentManagedThreadId;
        _began = Interlocked.Increment(ref s_begun);
        // a scope that was ended out of turn, or on another thread, may still be on a stack
        if (_scope is null || _scope.IsOnStack || _scope.Records != records)
        {
            _scope = new TapeScope<T>(this, records);
        }
        Push(_scope);
        return new Recording(this, ++_number);
    }

    /// <summary>The scope of a recording: <c>using (tape.Record()) { … }</c>.</summary>
    public readonly struct Recording : IDisposable
    {
        private readonly Tape<T>? _tape;
        private readonly long _number;

        internal Recording(Tape<T> tape, long number)
        {
            _tape = tape;
            _number = number;
        }

        /// <summary>
        /// Ends the recording. Its tensors keep their values until the tape's next recording. Disposing twice does nothing.
        /// </summary>
        /// <exception cref="InvalidOperationException">
        /// This is not the thread that began the recording: there may be no await inside a recording, which has ended nevertheless.
        /// </exception>
        public void Dispose() => _tape?.End(_number);
    }

    /// <summary>Takes the tape for this thread alone.</summary>
    private void Claim(string operation)
    {
        if (Interlocked.CompareExchange(ref _isInUse, 1, 0) != 0)
        {
            throw new InvalidOperationException(
                $"Tape.{operation}: this tape is already in use; dispose its recording before starting the next, or use a second tape.");
        }
    }

    private void Release() => Volatile.Write(ref _isInUse, 0);

    private void End(long number)
    {
        if (number != _number || _scope is not { IsOpen: true } scope)
        {
            return;
        }
        bool isOnOtherThread = Environment.CurrentManagedThreadId != _thread;
        _arena.IsRecording = false;
        scope.IsOpen = false;
        int count = _count; // the first thread may still be recording
        if (_stale > count)
        {
            Array.Clear(_nodes, count, _stale - count); // the rest has been overwritten
        }
        if (!_inBackward)
        {
            Release();
        }
        if (isOnOtherThread)
        {
            throw new InvalidOperationException(
                "Tape: got the end of a recording on another thread than its beginning, expected the same: there may be no await inside "
                    + "a recording. It has ended; what was recorded on the first thread since may be incomplete.");
        }
        DropEndedScopes();
    }

    private static void Push(TapeScope<T> scope)
    {
        scope.Outer = Scope;
        scope.IsOpen = true;
        scope.IsOnStack = true;
        t_scope = scope;
    }

    /// <summary>
    /// Removes what has ended from the top of this thread's stack; a scope that ends before one it contains stays until then.
    /// </summary>
    private static TapeScope<T>? DropEndedScopes()
    {
        while (t_scope is { IsOpen: false } ended)
        {
            t_scope = ended.Outer;
            ended.Outer = null;
            ended.IsOnStack = false;
        }
        return t_scope;
    }
}
