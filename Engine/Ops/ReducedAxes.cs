using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>The axes of a reduction as the middle axis of [outer, n, inner].</summary>
internal static class ReducedAxes
{
    /// <summary>
    /// The tensor itself if the axes of the set are adjacent, apart from axes of extent 1; else a copy, recorded, in which these axes are
    /// the last, and the set of the last axes.
    /// </summary>
    public static Tensor<T> Gather<T>(in Tensor<T> x, ref int axisSet) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Shape shape = x.Shape;
        if (AreAdjacent(shape, axisSet))
        {
            return x;
        }
        Span<int> order = stackalloc int[shape.Rank];
        int count = 0, kept = 0;
        for (int reduced = 0; reduced <= 1; reduced++)
        {
            for (int axis = 0; axis < shape.Rank; axis++)
            {
                if ((axisSet >> axis & 1) == reduced)
                {
                    order[count++] = axis;
                }
            }
            kept = reduced == 0 ? count : kept;
        }
        axisSet = -1 << kept;
        return x.Permute(order);
    }

    /// <summary>Whether an axis of the set has no elements, so that there is nothing to reduce.</summary>
    public static bool AreEmpty(in Shape shape, int axisSet)
    {
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            if ((axisSet >> axis & 1) != 0 && shape[axis] == 0)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>The layout for a set of adjacent axes.</summary>
    public static AxisLayout Layout(in Shape shape, int axisSet)
    {
        (int first, int last) = Range(shape, axisSet);
        return first < 0
            ? new(shape.Length, 1, 1)
            : new(shape.ElementCount(0, first), shape.ElementCount(first, last + 1), shape.ElementCount(last + 1, shape.Rank));
    }

    /// <summary>The mean of the elements that a reduction is taken of, recorded.</summary>
    public static Tensor<T> Mean<T>(in Node<T> node) where T : unmanaged, IFloatingPointIeee754<T>
    {
        (int outer, int n, int inner) = Layout(node.A.Shape, (int)node.Integer);
        return node.A.Reshape(outer, n, inner).Mean(1);
    }

    /// <summary>
    /// Contributes the gradient of a reduction as recorded operations, where a and b are numbers for each place, as
    /// <see cref="AxisGradient"/> has them.
    /// </summary>
    public static void Contribute<TGradient, T>(
        TGradient gradient, in Node<T> node, in BackwardContext<T> context, in Tensor<T> a, in Tensor<T> b)
        where TGradient : unmanaged, IAxisGradient where T : unmanaged, IFloatingPointIeee754<T>
    {
        (int outer, int n, int inner) = Layout(node.A.Shape, (int)node.Integer);
        Tensor<T> x = node.A.Reshape(outer, n, inner);
        TensorLane<T> dx = gradient.Of<TensorLane<T>>(x, a.Reshape(outer, 1, inner), b.Reshape(outer, 1, inner));
        context.Accumulate(node.A, dx.Tensor.Expand(x.Shape).Reshape(node.A.Shape));
    }

    private static bool AreAdjacent(in Shape shape, int axisSet)
    {
        (int first, int last) = Range(shape, axisSet);
        for (int axis = Math.Max(0, first); axis < last; axis++)
        {
            if ((axisSet >> axis & 1) == 0 && shape[axis] != 1)
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>The first and last axis of the set whose extent is not 1; −1 if there is none.</summary>
    private static (int First, int Last) Range(in Shape shape, int axisSet)
    {
        int first = -1, last = -1;
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            if ((axisSet >> axis & 1) != 0 && shape[axis] != 1)
            {
                first = first < 0 ? axis : first;
                last = axis;
            }
        }
        return (first, last);
    }
}
