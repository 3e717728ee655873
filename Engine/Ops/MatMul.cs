using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>Y = A·B, the matrix product; ∂loss/∂A = G·Bᵀ, ∂loss/∂B = Aᵀ·G. No transpose is materialized.</summary>
public static class MatMulOp
{
    extension<T>(Tensor<T> a) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// The matrix product a·b of NumPy's <c>matmul</c>: [m, k] by [k, n] gives [m, n]. A vector is a row on the left and a column on
        /// the right, and its axis is dropped from the result. Axes before the last two are batch axes, which broadcast.
        /// </summary>
        /// <param name="b">The right factor.</param>
        /// <param name="transposeA">Whether a's matrices are stored as [k, m]; a vector is not affected.</param>
        /// <param name="transposeB">Whether b's matrices are stored as [n, k]; a vector is not affected.</param>
        /// <exception cref="ArgumentException">
        /// A factor is a scalar, the inner extents differ, or the batches do not broadcast.
        /// </exception>
        public Tensor<T> MatMul(Tensor<T> b, bool transposeA = false, bool transposeB = false)
        {
            Layout layout = new(a.Shape, b.Shape, transposeA, transposeB);
            Tensor<T> y = Tape<T>.Allocate(layout.Output, out Span<T> elements);
            layout.Multiply(
                new(a.Span, BatchShape.A, transposeA), new(b.Span, BatchShape.B, transposeB),
                elements, BatchShape.Broadcast, layout.M, layout.N,
                layout.K);
            return Tape<T>.Record(new Node<T> { Op = MatMulBackward<T>.For(transposeA, transposeB), A = a, B = b }, y);
        }
    }

    /// <summary>The extents of a product: m×k by k×n for each batch.</summary>
    private readonly ref struct Layout
    {
        private readonly Shape _batchA, _batchB, _batch;
        private readonly bool _isOne;

        public Layout(in Shape a, in Shape b, bool transposeA, bool transposeB)
        {
            if (a.Rank == 0 || b.Rank == 0)
            {
                throw new ArgumentException($"MatMul: got the shapes {a} and {b}, expected at least one axis each.");
            }
            M = a.Rank == 1 ? 1 : a[transposeA ? -1 : -2];
            N = b.Rank == 1 ? 1 : b[transposeB ? -2 : -1];
            K = a[transposeA && a.Rank > 1 ? -2 : -1];
            int rows = b[transposeB || b.Rank == 1 ? -1 : -2];
            if (K != rows)
            {
                throw new ArgumentException(
                    $"MatMul: got the shapes {Text(a, transposeA)} and {Text(b, transposeB)}: inner dimensions differ: {K} and {rows}.");
            }
            _batchA = new(a.Extents[..Math.Max(0, a.Rank - 2)]);
            _batchB = new(b.Extents[..Math.Max(0, b.Rank - 2)]);
            _batch = Shape.Broadcast(_batchA, _batchB, "MatMul, batch axes");
            Span<int> extents = stackalloc int[Shape.MaxRank];
            _batch.Extents.CopyTo(extents);
            int rank = _batch.Rank;
            if (a.Rank > 1)
            {
                extents[rank++] = M;
            }
            if (b.Rank > 1)
            {
                extents[rank++] = N;
            }
            Output = new(extents[..rank]);
            _isOne = _batch.Length == 1;
            if (!_isOne && _batchB.Length == 1 && !transposeA && (long)M * _batch.Length <= int.MaxValue)
            {
                // one b for all batches: their rows are those of one taller matrix
                M *= _batch.Length;
                _isOne = true;
            }
        }

        public int M { get; }

        public int N { get; }

        public int K { get; }

        public Shape Output { get; }

        /// <summary>
        /// c ← op(a)·op(b), m×k by k×n, where the three step through the batches like the factors or the result of this layout.
        /// </summary>
        public void Multiply<T>(BatchedMatrix<T> a, BatchedMatrix<T> b, Span<T> c, BatchShape batchC, int m, int n, int k)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            if (_isOne)
            {
                MatrixProduct.Multiply(a.Values, a.Transposed, b.Values, b.Transposed, c, m, n, k);
                return;
            }
            BatchedMatrixProduct.Multiply(_batchA.Extents, _batchB.Extents, _batch.Extents, a, b, c, batchC, m, n, k);
        }

        private static string Text(in Shape shape, bool transposed) => transposed ? $"{shape} transposed" : shape.ToString();
    }

    private sealed class MatMulBackward<T>(bool transposeA, bool transposeB) : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        private static readonly MatMulBackward<T>[] Instances = [new(false, false), new(true, false), new(false, true), new(true, true)];

        public override string Name => "MatMul";

        public static MatMulBackward<T> For(bool transposeA, bool transposeB) => Instances[(transposeA ? 1 : 0) + (transposeB ? 2 : 0)];

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
        {
            Layout layout = new(node.A.Shape, node.B.Shape, transposeA, transposeB);
            int m = layout.M, n = layout.N, k = layout.K;
            ReadOnlySpan<T> g = context.OutputGradient.Span;
            if (context.NeedsGradient(node.A))
            {
                Tensor<T> da = context.Allocate(node.A, out Span<T> elements);
                ReadOnlySpan<T> b = node.B.Span;
                if (transposeA)
                {
                    layout.Multiply(new(b, BatchShape.B, transposeB), new(g, BatchShape.Broadcast, true), elements, BatchShape.A, k, m, n);
                }
                else
                {
                    layout.Multiply(
                        new(g, BatchShape.Broadcast, false), new(b, BatchShape.B, !transposeB), elements, BatchShape.A, m, k, n);
                }
                context.Accumulate(node.A, da);
            }
            if (context.NeedsGradient(node.B))
            {
                Tensor<T> db = context.Allocate(node.B, out Span<T> elements);
                ReadOnlySpan<T> a = node.A.Span;
                if (transposeB)
                {
                    layout.Multiply(new(g, BatchShape.Broadcast, true), new(a, BatchShape.A, transposeA), elements, BatchShape.B, n, k, m);
                }
                else
                {
                    layout.Multiply(
                        new(a, BatchShape.A, !transposeA), new(g, BatchShape.Broadcast, false), elements, BatchShape.B, k, n, m);
                }
                context.Accumulate(node.B, db);
            }
        }

        protected internal override void RecordBackward(in Node<T> node, in BackwardContext<T> context)
        {
            // vectors as matrices of one row or one column
            bool isRow = node.A.Shape.Rank == 1, isColumn = node.B.Shape.Rank == 1;
            Tensor<T> a = isRow ? node.A.Unsqueeze(0) : node.A, b = isColumn ? node.B.Unsqueeze(1) : node.B, g = context.OutputGradient;
            g = isColumn ? g.Unsqueeze(-1) : g;
            g = isRow ? g.Unsqueeze(-2) : g;
            bool isTransposedA = transposeA && !isRow, isTransposedB = transposeB && !isColumn;
            if (context.NeedsGradient(node.A))
            {
                Tensor<T> da = isTransposedA
                    ? b.MatMul(g, isTransposedB, transposeB: true)
                    : g.MatMul(b, transposeB: !isTransposedB);
                context.Accumulate(node.A, isRow ? da.Squeeze(-2) : da);
            }
            if (context.NeedsGradient(node.B))
            {
                Tensor<T> db = isTransposedB
                    ? g.MatMul(a, transposeA: true, isTransposedA)
                    : a.MatMul(g, transposeA: !isTransposedA);
                context.Accumulate(node.B, isColumn ? db.Squeeze(-1) : db);
            }
        }
    }
}
