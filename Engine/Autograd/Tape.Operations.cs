using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Engine;

public sealed partial class Tape<T>
{
    /// <summary>
    /// Allocates the memory of an operation's result: the recording tape's, which costs no heap allocation once the tape is warm, or fresh
    /// memory where none records.
    /// </summary>
    /// <param name="shape">The result's shape.</param>
    /// <param name="elements">
    /// The elements to write; they are undefined until then. Tensors are read-only afterwards: do not keep the span.
    /// </param>
    public static Tensor<T> Allocate(scoped in Shape shape, out Span<T> elements)
    {
        Tensor<T> tensor = Allocate(shape);
        elements = tensor.Output;
        return tensor;
    }

    /// <summary>
    /// Records one use of an operation, if a tape is recording and at least one of the inputs <see cref="Node{T}.A"/>,
    /// <see cref="Node{T}.B"/>, <see cref="Node{T}.C"/> was computed from a parameter. Inputs that are the default tensor are missing
    /// optional ones.
    /// </summary>
    /// <param name="node">The operation, its inputs, and what its Backward needs to know.</param>
    /// <param name="output">
    /// The result, in memory from <see cref="Allocate(in Shape, out Span{T})"/>, or the result of the operation recorded last: its
    /// gradient then goes to this operation instead.
    /// </param>
    /// <returns>The output.</returns>
    /// <exception cref="ArgumentException">The node has no operation.</exception>
    /// <exception cref="InvalidOperationException">
    /// The output is in memory that does not belong to the tape, shares memory with an input, or is the result of an earlier operation; or
    /// an input belongs to a recording on another tape or thread.
    /// </exception>
    public static Tensor<T> Record(in Node<T> node, in Tensor<T> output) => Record(node, output, [], []);

    /// <summary>
    /// As <see cref="Record(in Node{T}, in Tensor{T})"/>, for an operation with more than three inputs or with indices, which the tape
    /// copies and <see cref="BackwardContext{T}"/> gives back.
    /// </summary>
    /// <param name="node">The operation, up to three inputs, and what its Backward needs to know.</param>
    /// <param name="output">The result.</param>
    /// <param name="inputs">Further inputs.</param>
    /// <param name="indices">Whole numbers that Backward needs, such as the rows that were gathered.</param>
    /// <returns>The output.</returns>
    /// <exception cref="ArgumentException">The node has no operation.</exception>
    /// <exception cref="InvalidOperationException">
    /// The output is in memory that does not belong to the tape, shares memory with an input, or is the result of an earlier operation; or
    /// an input belongs to a recording on another tape or thread.
    /// </exception>
    public static Tensor<T> Record(in Node<T> node, in Tensor<T> output, ReadOnlySpan<Tensor<T>> inputs, ReadOnlySpan<int> indices)
    {
        if (node.Op is null)
        {
            throw new ArgumentException("Tape.Record: got a node whose Op is null, expected the operation.", nameof(node));
        }
        if (Scope is not { } scope)
        {
            MarkComputed(node, inputs, output);
        }
        else if (scope.Records && scope.Tape.TracksAny(node, inputs))
        {
            scope.Tape.Append(node, output, inputs, indices);
        }
        return output;
    }

    internal static Tensor<T> Allocate(in Shape shape) =>
        Scope is { } scope ? scope.Tape._arena.Allocate(shape) : Tensor<T>.Uninitialized(shape);

    /// <summary>
    /// Whether an operation on this input will be recorded: for those that compute something in the forward pass that only Backward needs.
    /// </summary>
    internal static bool WillRecord(in Tensor<T> input) => Scope is { Records: true } scope && scope.Tape.Tracks(input);

    /// <summary>Whether operations of this thread are recorded on this tape now.</summary>
    internal bool IsRecordingHere => Scope is { Records: true } scope && ReferenceEquals(scope.Tape, this);

    /// <summary>Whether the tensor is a parameter's value, or was computed from one in this recording.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Tracks(in Tensor<T> tensor) => !tensor.IsDefault && TracksGiven(tensor);

    private bool TracksGiven(in Tensor<T> tensor)
    {
        Buffer<T> buffer = tensor.Buffer;
        if (buffer.Parameter is { } parameter)
        {
            return !parameter.IsFrozen;
        }
        if (buffer.Node == Buffer<T>.NoNode)
        {
            return buffer.ComputedAt < _began
                ? false
                : throw new InvalidOperationException(
                    $"Tape: got a tensor of shape {tensor.Shape} that was computed from a parameter on another thread during this "
                        + "recording, expected one that this tape has recorded or a constant: its gradient would be lost. "
                        + "Compute it on the recording's thread, or clone it to use it as a constant.");
        }
        return ReferenceEquals(buffer.Arena, _arena) || (buffer.Arena is { IsRecording: true }
            ? throw new InvalidOperationException(
                $"Tape: got a tensor of shape {tensor.Shape} that another tape is recording, expected one of this tape or a constant: "
                    + "its gradient would be lost. Clone it to use it as a constant.")
            : false);
    }

    /// <summary>The further inputs of a node.</summary>
    internal ReadOnlySpan<Tensor<T>> InputsOf(in Node<T> node) =>
        CollectionsMarshal.AsSpan(_inputs).Slice(node.Inputs.First, node.Inputs.Count);

    /// <summary>The indices of a node.</summary>
    internal ReadOnlySpan<int> IndicesOf(in Node<T> node) =>
        CollectionsMarshal.AsSpan(_indices).Slice(node.Indices.First, node.Indices.Count);

    /// <summary>Whether an input needs a gradient.</summary>
    private bool TracksAny(in Node<T> node, ReadOnlySpan<Tensor<T>> inputs)
    {
        // all are looked at, so that a tensor of another recording is never mistaken for a constant
        bool isTracked = Tracks(node.A) | Tracks(node.B) | Tracks(node.C);
        foreach (ref readonly Tensor<T> input in inputs)
        {
            isTracked |= Tracks(input);
        }
        return isTracked;
    }

    /// <summary>
    /// Notes that a result was computed from a parameter where nothing is recorded. A recording that has begun before, on another thread,
    /// must not take it for a constant.
    /// </summary>
    private static void MarkComputed(in Node<T> node, ReadOnlySpan<Tensor<T>> inputs, in Tensor<T> output)
    {
        long computedAt = Math.Max(ComputedAt(node.A), Math.Max(ComputedAt(node.B), ComputedAt(node.C)));
        foreach (ref readonly Tensor<T> input in inputs)
        {
            computedAt = Math.Max(computedAt, ComputedAt(input));
        }
        if (computedAt > 0)
        {
            output.Buffer.ComputedAt = computedAt;
        }
    }

    private static long ComputedAt(in Tensor<T> input)
    {
        if (input.IsDefault)
        {
            return 0;
        }
        Buffer<T> buffer = input.Buffer;
        if (buffer.Node != Buffer<T>.NoNode && buffer.Arena is { IsRecording: true })
        {
            throw new InvalidOperationException(
                $"Tape: got a tensor of shape {input.Shape} that a tape is recording on another thread, expected one that no tape is "
                    + "recording: its gradient would be lost. Compute on the recording's thread, with no await in between, or clone it "
                    + "to use it as a constant.");
        }
        return buffer.Parameter is { IsFrozen: false } ? Volatile.Read(ref s_begun) : buffer.ComputedAt;
    }

    private void Append(in Node<T> node, in Tensor<T> output, ReadOnlySpan<Tensor<T>> inputs, ReadOnlySpan<int> indices)
    {
        Buffer<T> buffer = output.Buffer;
        CheckOutput(node, inputs, buffer);
        if (_count == _nodes.Length)
        {
            Array.Resize(ref _nodes, 2 * _count);
        }
        _sites?.Note(_count, node.Op);
        // all four are looked at, since each may be a parameter's value
        bool isMutable = NoteRead(node.A) | NoteRead(node.B) | NoteRead(node.C) | NoteRead(node.Saved);
        ref Node<T> recorded = ref _nodes[_count];
        recorded = node; // not by a conditional expression, which would copy the node twice
        if (isMutable)
        {
            recorded = WithCopies(node);
        }
        recorded.Output = output;
        if (inputs.Length + indices.Length > 0)
        {
            AppendFurther(ref recorded, inputs, indices);
        }
        buffer.Node = _count++;
        Profile?.AddForward(node.Op.Name, (long)buffer.Length * Unsafe.SizeOf<T>());
    }

    private void AppendFurther(ref Node<T> node, ReadOnlySpan<Tensor<T>> inputs, ReadOnlySpan<int> indices)
    {
        node.Inputs = (_inputs.Count, inputs.Length);
        foreach (ref readonly Tensor<T> input in inputs)
        {
            _inputs.Add(NoteRead(input) ? Kept(input) : input);
        }
        node.Indices = (_indices.Count, indices.Length);
        _indices.AddRange(indices);
    }

    /// <summary>Notes that the coming node has read the tensor, if it is a parameter's value; returns whether it must be copied.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool NoteRead(in Tensor<T> tensor) => !tensor.IsDefault && NoteGiven(tensor);

    private bool NoteGiven(in Tensor<T> tensor)
    {
        Buffer<T> buffer = tensor.Buffer;
        if (buffer.Parameter is { } parameter)
        {
            _reads.Add(new ParameterRead<T>(parameter, buffer.Version, _count));
        }
        return buffer.IsMutable;
    }

    /// <summary>The node with copies of what may have other elements by the time of the backward pass, such as a gradient.</summary>
    private Node<T> WithCopies(in Node<T> node) =>
        node with { A = Kept(node.A), B = Kept(node.B), C = Kept(node.C), Saved = Kept(node.Saved) };

    private Tensor<T> Kept(in Tensor<T> tensor) =>
        !tensor.IsDefault && tensor.Buffer.IsMutable ? new Tensor<T>(Copy(tensor), tensor.Shape) : tensor;

    private void CheckOutput(in Node<T> node, ReadOnlySpan<Tensor<T>> inputs, Buffer<T> buffer)
    {
        if (!ReferenceEquals(buffer.Arena, _arena))
        {
            throw new InvalidOperationException(
                $"{node.Op.Name}: got an output in memory that does not belong to the recording tape, expected memory from "
                    + "Tape.Allocate, which is reclaimed with the recording.");
        }
        bool isInput = node.A.Uses(buffer) || node.B.Uses(buffer) || node.C.Uses(buffer);
        foreach (ref readonly Tensor<T> input in inputs)
        {
            isInput |= input.Uses(buffer);
        }
        if (isInput)
        {
            throw new InvalidOperationException(
                $"{node.Op.Name}: got an output that shares its memory with an input, expected memory of its own from Tape.Allocate.");
        }
        // what was recorded after a result may have used it, and would contribute to the gradient of this node after its Backward has run
        if (buffer.Node != Buffer<T>.NoNode && buffer.Node != _count - 1)
        {
            throw new InvalidOperationException(
                $"{node.Op.Name}: got an output that is the result of an earlier {_nodes[buffer.Node].Op.Name}, expected memory from "
                    + "Tape.Allocate or the result of the last operation.");
        }
    }

    private Buffer<T> Copy(in Tensor<T> tensor)
    {
        Tensor<T> copy = _arena.Allocate(tensor.Shape);
        tensor.Span.CopyTo(copy.Output);
        return copy.Buffer;
    }
}
