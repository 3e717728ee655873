using System.Numerics;

namespace Engine;

/// <summary>Gradients that are themselves on the tape, so that they can be used in a loss and differentiated again, to any order.</summary>
public static class TapeGradients
{
    extension<T>(Tape<T> tape) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// ∂output/∂input, recorded on the tape. Nothing is added to the gradients of parameters; a <c>Backward</c> from a loss that the
        /// result was used in may follow.
        /// </summary>
        /// <param name="output">A scalar that was recorded on this tape.</param>
        /// <param name="input">A parameter's value, or a tensor that was computed from one in this recording.</param>
        /// <returns>A tensor of the input's shape; zeros if the output does not depend on it.</returns>
        /// <exception cref="ArgumentException">The input is a constant.</exception>
        /// <exception cref="InvalidOperationException">
        /// The output is not a scalar; the tape is not recording on this thread; or a parameter has another value than the recording has
        /// read.
        /// </exception>
        /// <exception cref="NotSupportedException">An operation on the way can be differentiated only once.</exception>
        public Tensor<T> Gradient(Tensor<T> output, Tensor<T> input) => Of(tape, output, [input], default, "Gradient")[0];

        /// <summary>
        /// The gradients of an output with respect to several inputs, recorded on the tape: for each input x the sum Σ gᵢ ∂outputᵢ/∂x.
        /// </summary>
        /// <param name="output">A tensor that was recorded on this tape.</param>
        /// <param name="inputs">Values of parameters, or tensors that were computed from them in this recording.</param>
        /// <param name="outputGradient">
        /// g, of the output's shape; the default tensor for 1, which the output must then be a scalar for. A recorded one is
        /// differentiated too.
        /// </param>
        /// <returns>For each input a tensor of its shape; zeros if the output does not depend on it.</returns>
        /// <exception cref="ArgumentException">An input is a constant, or the gradient's shape is not the output's.</exception>
        /// <exception cref="InvalidOperationException">
        /// The output is not a scalar and no gradient is given; the tape is not recording on this thread; or a parameter has another value
        /// than the recording has read.
        /// </exception>
        /// <exception cref="NotSupportedException">An operation on the way can be differentiated only once.</exception>
        public Tensor<T>[] Gradients(Tensor<T> output, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> outputGradient = default) =>
            Of(tape, output, inputs, outputGradient, "Gradients");
    }

    /// <summary>The gradients; errors name the operation.</summary>
    internal static Tensor<T>[] Of<T>(
        Tape<T> tape, in Tensor<T> output, ReadOnlySpan<Tensor<T>> inputs, in Tensor<T> outputGradient, string operation)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Check(tape, output, inputs, outputGradient, operation);
        RecordedGradients<T> pass = new(tape, inputs);
        pass.Run(output, outputGradient.IsDefault ? Ones<T>(output.Shape) : outputGradient);
        Tensor<T>[] gradients = new Tensor<T>[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            Tensor<T> gradient = pass[inputs[i]];
            gradients[i] = gradient.IsDefault ? Tensor<T>.Zeros(inputs[i].Shape) : gradient.Reshape(inputs[i].Shape);
        }
        return gradients;
    }

    private static Tensor<T> Ones<T>(in Shape shape) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor<T> ones = Tape<T>.Allocate(shape, out Span<T> elements);
        elements.Fill(T.One);
        return ones;
    }

    private static void Check<T>(
        Tape<T> tape, in Tensor<T> output, ReadOnlySpan<Tensor<T>> inputs, in Tensor<T> outputGradient, string operation)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!tape.IsRecordingHere)
        {
            throw new InvalidOperationException(
                $"{operation}: this tape is not recording on this thread, expected a call inside its innermost recording.");
        }
        if (outputGradient.IsDefault ? output.Length != 1 : outputGradient.Shape != output.Shape)
        {
            throw outputGradient.IsDefault
                ? new InvalidOperationException(
                    $"{operation}: got an output of shape {output.Shape} without its gradient, expected a scalar or the gradient.")
                : new ArgumentException(
                    $"{operation}: got a gradient of shape {outputGradient.Shape} for an output of shape {output.Shape}, expected the "
                        + "same.",
                    nameof(outputGradient));
        }
        for (int i = 0; i < inputs.Length; i++)
        {
            if (!tape.Tracks(inputs[i]))
            {
                throw new ArgumentException(
                    $"{operation}: got a constant of shape {inputs[i].Shape} as input {i}, expected a parameter's value or a tensor "
                        + "that this recording computed from one.",
                    nameof(inputs));
            }
        }
        _ = tape.Tracks(output); // throws for a tensor of another recording
        tape.CheckValues(output.Buffer.Parameter is null ? output.Buffer.Node : -1, operation);
    }
}
