using System.Globalization;
using System.Numerics;
using System.Text;

namespace Engine;

/// <summary>A layer as a table: a line for each module inside, with the shape of its output, its parameters and their bytes.</summary>
public static class ModuleSummary
{
    private const string Indent = "  ";

    extension<T>(Layer<T> layer) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// The table for an input of a given shape, with which the layer is run once in evaluation mode; its modes, buffers and counters
        /// are as before. Modules inside one that is neither a <see cref="Sequential{T}"/> nor a <see cref="Residual{T}"/> are listed
        /// without the shape of their output, since only that one knows their inputs.
        /// </summary>
        /// <param name="input">The shape of the input, whose elements are zeros.</param>
        /// <exception cref="ArgumentException">A module refuses its input.</exception>
        public string Summary(Shape input)
        {
            List<Row> rows = [];
            using (new EvaluationMode<T>(layer))
            using (new Tape<T>().Evaluate())
            {
                Add(rows, "", layer, Tensor<T>.Zeros(input), "");
            }
            return Table<T>(rows, CountOf(layer));
        }
    }

    private static Tensor<T> Add<T>(List<Row> rows, string name, Layer<T> layer, Tensor<T> x, string indent)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (layer is Sequential<T> { Count: > 0 })
        {
            foreach ((string inner, Module<T> child) in layer.Children)
            {
                x = Add(rows, Join(name, inner), (Layer<T>)child, x, indent);
            }
            return x;
        }
        Tensor<T> y = layer.Forward(x);
        rows.Add(new(name, indent + Line(layer), y.Shape.ToString(), CountOf(layer)));
        foreach ((string inner, Module<T> child) in layer.Children)
        {
            if (layer is Residual<T>)
            {
                Add(rows, Join(name, inner), (Layer<T>)child, x, indent + Indent);
            }
            else
            {
                AddWithoutShapes(rows, Join(name, inner), child, indent + Indent);
            }
        }
        return y;
    }

    private static void AddWithoutShapes<T>(List<Row> rows, string name, Module<T> module, string indent)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        rows.Add(new(name, indent + Line(module), "", CountOf(module)));
        foreach ((string inner, Module<T> child) in module.Children)
        {
            AddWithoutShapes(rows, Join(name, inner), child, indent + Indent);
        }
    }

    private static long CountOf<T>(Module<T> module) where T : unmanaged, IFloatingPointIeee754<T> =>
        module.Parameters.Sum(static p => (long)p.Shape.Length);

    private static string Join(string outer, string inner) => outer.Length == 0 ? inner : $"{outer}.{inner}";

    private static string Line<T>(Module<T> module) where T : unmanaged, IFloatingPointIeee754<T> => module.ToString().Split('\n')[0];

    private static string Table<T>(List<Row> rows, long total)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int size = System.Runtime.CompilerServices.Unsafe.SizeOf<T>();
        int name = Math.Max(4, rows.Max(static r => r.Name.Length)), layer = Math.Max(5, rows.Max(static r => r.Layer.Length)),
            output = Math.Max(6, rows.Max(static r => r.Output.Length));
        StringBuilder text = new();
        Append("name", "layer", "output", "parameters", "bytes");
        foreach ((string n, string l, string o, long count) in rows)
        {
            Append(n, l, o, Number(count), Number(count * size));
        }
        Append("", "total", "", Number(total), Number(total * size));
        return text.ToString();

        static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

        void Append(string n, string l, string o, string p, string b) =>
            text.Append(n.PadRight(name + 2)).Append(l.PadRight(layer + 2)).Append(o.PadRight(output + 2)).Append(p.PadLeft(12))
                .Append(b.PadLeft(14)).Append('\n');
    }

    private readonly record struct Row(string Name, string Layer, string Output, long Parameters);
}
