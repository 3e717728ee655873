using Engine.Kernels;

namespace Engine;

public sealed partial class Tape<T>
{
    internal Tensor<T> AllocateContribution(in Tensor<T> input, in Shape shape)
    {
        Buffer<T> buffer = input.Buffer;
        // one at a time: two inputs may be the same parameter
        if (_inPlace is null && shape.Length == buffer.Length && buffer.Parameter is { HasGradient: false } parameter)
        {
            _inPlace = parameter;
            parameter.GradientBuffer.Expire();
            return new Tensor<T>(parameter.GradientBuffer, shape);
        }
        return _arena.Allocate(shape);
    }

    internal void Accumulate(in Tensor<T> input, in Tensor<T> contribution, bool isOwned)
    {
        if (!Tracks(input))
        {
            return;
        }
        Tensor<T> gradient = contribution.Shape == input.Shape ? contribution : SumToShapeOf(input, contribution);
        Buffer<T> buffer = input.Buffer;
        if (buffer.Parameter is { } parameter)
        {
            Accumulate(parameter, gradient);
            return;
        }
        ref Node<T> node = ref _nodes[buffer.Node];
        if (node.Gradient is not { } sum)
        {
            // memory that somebody may still read is copied: the output's gradient, a saved tensor, the contribution to another input
            bool canAdopt = isOwned ? !ReferenceEquals(gradient.Buffer, _given) : IsOwn(gradient.Buffer);
            Adopt(ref node, canAdopt ? gradient.Buffer : Copy(gradient));
        }
        else if (IsFromThisNode(sum))
        {
            // the operation, one tensor twice its input, may still read its first contribution
            Tensor<T> total = _arena.Allocate(input.Shape);
            Blockwise.Add<T>(sum.Span, gradient.Span, total.Output);
            Adopt(ref node, total.Buffer);
        }
        else
        {
            Blockwise.Add<T>(sum.Span, gradient.Span, sum.Span);
        }
    }

    /// <summary>The gradient of an input as accumulated so far, zeros at first, to be added to in place.</summary>
    internal Span<T> AccumulatedGradient(scoped in Tensor<T> input)
    {
        if (!Tracks(input))
        {
            return [];
        }
        if (input.Buffer.Parameter is { } parameter)
        {
            CheckOrder(parameter, wasWrittenInPlace: false);
            KeepBefore(parameter);
            Buffer<T> target = parameter.GradientBuffer;
            if (!parameter.HasGradient)
            {
                target.Span.Clear();
            }
            parameter.MarkGradient();
            target.Expire();
            return target.Span;
        }
        ref Node<T> node = ref _nodes[input.Buffer.Node];
        if (node.Gradient is not { } sum)
        {
            sum = _arena.Allocate(input.Shape).Buffer;
            sum.Span.Clear();
            Adopt(ref node, sum);
        }
        return sum.Span;
    }

    private void Accumulate(Parameter<T> parameter, in Tensor<T> gradient)
    {
        Buffer<T> target = parameter.GradientBuffer;
        bool wasWrittenInPlace = ReferenceEquals(target, gradient.Buffer);
        CheckOrder(parameter, wasWrittenInPlace);
        KeepBefore(parameter);
        if (parameter.HasGradient)
        {
            Blockwise.Add<T>(target.Span, gradient.Span, target.Span);
            target.Expire();
        }
        else if (!wasWrittenInPlace)
        {
            gradient.Span.CopyTo(target.Span);
            target.Expire();
        }
        parameter.MarkGradient();
    }

    private void CheckOrder(Parameter<T> parameter, bool wasWrittenInPlace)
    {
        if (ReferenceEquals(parameter, _inPlace))
        {
            _inPlace = wasWrittenInPlace
                ? null
                : throw new InvalidOperationException(
                    $"Accumulate: got a contribution to the parameter '{parameter.Name}' before the one that Allocate gave memory for, "
                        + "expected them in the order of allocation.");
        }
    }

    /// <summary>Keeps the gradient from before this pass, in case that it throws.</summary>
    private void KeepBefore(Parameter<T> parameter)
    {
        if (parameter.LastPass != _pass)
        {
            parameter.LastPass = _pass;
            _written.Add((parameter, parameter.HasGradient ? Copy(parameter.Gradient) : null, parameter.GradientsReceived));
        }
    }

    private bool IsFromThisNode(Buffer<T> buffer) => ReferenceEquals(buffer.Arena, _arena) && buffer.Ordinal >= _firstOwn;

    /// <summary>Whether the running Backward allocated the buffer and has not contributed it yet.</summary>
    private bool IsOwn(Buffer<T> buffer) => IsFromThisNode(buffer) && !buffer.IsGradient;

    private static void Adopt(ref Node<T> node, Buffer<T> gradient)
    {
        gradient.IsGradient = true;
        node.Gradient = gradient;
    }

    /// <summary>Checks that an input of this shape may have been broadcast to the contribution's.</summary>
    internal static void CheckContribution(in Shape input, in Shape contribution)
    {
        if (!input.BroadcastsTo(contribution))
        {
            throw new ArgumentException(
                $"Accumulate: got a contribution of shape {contribution} for an input of shape {input}, expected that shape or one it "
                    + "broadcasts to.", nameof(contribution));
        }
    }

    /// <summary>Undoes broadcasting, once for all operations.</summary>
    private Tensor<T> SumToShapeOf(in Tensor<T> input, in Tensor<T> contribution)
    {
        Shape shape = input.Shape;
        CheckContribution(shape, contribution.Shape);
        if (contribution.Length == shape.Length)
        {
            return contribution;
        }
        Tensor<T> sum = _arena.Allocate(shape);
        int needed = Broadcasting.Scratch(contribution.Shape.Extents, shape.Extents);
        Span<T> scratch = needed == 0 ? [] : _arena.Allocate([needed]).Output;
        Broadcasting.SumTo(contribution.Span, contribution.Shape.Extents, sum.Output, shape.Extents, scratch);
        return sum;
    }
}
