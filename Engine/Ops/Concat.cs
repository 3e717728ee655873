using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>y is several tensors one after the other along an axis; ∂loss/∂xₖ is the part of g that xₖ is in y.</summary>
public static class ConcatOp
{
    extension<T>(Tensor<T>) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>The tensors one after the other along an axis that they have.</summary>
        /// <param name="parts">At least one; their shapes differ on the axis alone.</param>
        /// <param name="axis">The axis; a negative one counts from the last.</param>
        /// <exception cref="ArgumentException">There are no parts, their shapes do not fit, or the result is too large.</exception>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
        public static Tensor<T> Concat(ReadOnlySpan<Tensor<T>> parts, int axis = 0)
        {
            CheckCount(parts.Length, "Concat");
            Shape first = parts[0].Shape;
            axis = first.Axis(axis, "Concat");
            long extent = first[axis];
            for (int i = 1; i < parts.Length; i++)
            {
                Shape shape = parts[i].Shape;
                if (shape.Rank != first.Rank || shape.Without(1 << axis, keep: true) != first.Without(1 << axis, keep: true))
                {
                    throw new ArgumentException(
                        $"Concat: got the shapes {first} and, as part {i}, {shape}, expected the same but for axis {axis}.", nameof(parts));
                }
                extent += shape[axis];
            }
            if (extent > int.MaxValue)
            {
                throw new ArgumentException(
                    $"Concat: got parts with {extent} elements on axis {axis} together, expected at most {int.MaxValue}.", nameof(parts));
            }
            Span<int> extents = stackalloc int[first.Rank];
            first.Extents.CopyTo(extents);
            extents[axis] = (int)extent;
            Tensor<T> y = Tape<T>.Allocate(new Shape(extents, "Concat"), out Span<T> elements);
            Span<int> starts = stackalloc int[first.Rank], steps = stackalloc int[first.Rank];
            starts.Clear();
            steps.Fill(1);
            foreach (ref readonly Tensor<T> part in parts)
            {
                Region.Write(elements, extents, starts, steps, part.Span, part.Shape.Extents);
                starts[axis] += part.Shape[axis];
            }
            return Tape<T>.Record(new Node<T> { Op = ConcatBackward<T>.Instance, Integer = axis }, y, parts, []);
        }

        /// <summary>Tensors of one shape one after the other along a new axis.</summary>
        /// <param name="parts">At least one.</param>
        /// <param name="axis">Where the new axis is in the result; a negative one counts from the last of the result.</param>
        /// <exception cref="ArgumentException">There are no parts, their shapes differ, or they have too many axes.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The result cannot have such an axis.</exception>
        public static Tensor<T> Stack(ReadOnlySpan<Tensor<T>> parts, int axis = 0)
        {
            CheckCount(parts.Length, "Stack");
            Shape first = parts[0].Shape;
            for (int i = 1; i < parts.Length; i++)
            {
                if (parts[i].Shape != first)
                {
                    throw new ArgumentException(
                        $"Stack: got the shapes {first} and, as part {i}, {parts[i].Shape}, expected the same.", nameof(parts));
                }
            }
            Tensor<T>[] rented = System.Buffers.ArrayPool<Tensor<T>>.Shared.Rent(parts.Length);
            try
            {
                for (int i = 0; i < parts.Length; i++)
                {
                    rented[i] = SqueezeOp.WithAxis(parts[i], axis, "Stack");
                }
                return Tensor<T>.Concat(rented.AsSpan(0, parts.Length), axis);
            }
            finally
            {
                System.Buffers.ArrayPool<Tensor<T>>.Shared.Return(rented, clearArray: true);
            }
        }
    }

    private static void CheckCount(int count, string operation)
    {
        if (count == 0)
        {
            throw new ArgumentException($"{operation}: got no tensors, expected at least one.", "parts");
        }
    }

    private sealed class ConcatBackward<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly ConcatBackward<T> Instance = new();

        public override string Name => "Concat";

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
        {
            Tensor<T> g = context.OutputGradient;
            int axis = (int)node.Integer, rank = g.Shape.Rank;
            Span<int> starts = stackalloc int[rank], steps = stackalloc int[rank];
            starts.Clear();
            steps.Fill(1);
            foreach (ref readonly Tensor<T> part in context.Inputs)
            {
                if (context.NeedsGradient(part))
                {
                    Tensor<T> d = context.Allocate(part, out Span<T> elements);
                    Region.Read(g.Span, g.Shape.Extents, starts, steps, elements, d.Shape.Extents);
                    context.Accumulate(part, d);
                }
                starts[axis] += part.Shape[axis];
            }
        }

        protected internal override void RecordBackward(in Node<T> node, in BackwardContext<T> context)
        {
            int axis = (int)node.Integer, start = 0;
            Span<AxisRange> ranges = stackalloc AxisRange[axis + 1];
            ranges.Fill(Range.All);
            foreach (ref readonly Tensor<T> part in context.Inputs)
            {
                int end = start + part.Shape[axis];
                ranges[axis] = start..end;
                start = end;
                if (context.NeedsGradient(part))
                {
                    context.Accumulate(part, context.OutputGradient.Slice(ranges));
                }
            }
        }
    }
}
